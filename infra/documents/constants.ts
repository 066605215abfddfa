/**
 * What the documents of one farm are made for. It is known when the stack is made, so it is written into the scripts and
 * is no parameter: whoever may run a document can run nothing but what it is there for.
 */
import { inBase64, MACHINE_DOCUMENTS, type DocumentKey } from '../../lambdas/hydra/documents.ts';
import type { Config } from '../../lambdas/core/config/config.ts';
import type { HostConfig } from '../../lambdas/core/config/host.ts';
import type { MachineType } from '../../lambdas/core/config/machine-type.ts';

/** The part of a configuration that goes into the documents. */
export interface DocumentedFarm extends Pick<Config, 'tag' | 'launchAhead'> {
  readonly host: Omit<HostConfig, 'instanceId'>;
  readonly machineTypes: readonly Pick<MachineType, 'sshKey' | 'targetWaitSeconds'>[];
}

/** Documents that are the same for every farm. */
export type CommonDocument = 'fetch' | (typeof MACHINE_DOCUMENTS)[number];
export type FarmDocument = Exclude<DocumentKey, CommonDocument>;

const lines = (words: Iterable<string>): string => Array.from(words, (word) => `${word}\n`).join('');

/** How the queue runner is asked for its status. */
const asking = (host: DocumentedFarm['host']): Readonly<Record<string, string>> => ({
  rest_url64: host.restUrl,
  status_command64: lines(host.statusCommand),
  status_user64: host.user ?? '',
  environment64: lines(Object.entries(host.environment).map(([name, value]) => `${name}=${value}`)),
});

/** Whether it is of any use to know of evaluations: nobody else launches ahead. */
const wantsNotice = ({ launchAhead, machineTypes }: DocumentedFarm): boolean =>
  launchAhead && machineTypes.some(({ targetWaitSeconds }) => targetWaitSeconds !== undefined);

/** Shell variables with what they hold; in the script it stands in base64, so that nothing can end its quotes. */
const VARIABLES: Readonly<Record<FarmDocument, (farm: DocumentedFarm) => Readonly<Record<string, string>>>> =
  {
    observe: (farm) => ({
      runner64: farm.host.runner,
      ...asking(farm.host),
      machines_file64: farm.host.machinesFile,
      farm64: farm.tag,
      launch_ahead64: wantsNotice(farm) ? 'yes' : '',
    }),
    watch: ({ tag, host }) => ({
      ...asking(host),
      farm64: tag,
    }),
    publish: ({ tag, host }) => ({ machines_file64: host.machinesFile, farm64: tag }),
    inspect: ({ host, machineTypes }) => ({
      runner64: host.runner,
      rest_url64: host.restUrl,
      machines_file64: host.machinesFile,
      ssh_keys64: lines(new Set(machineTypes.flatMap(({ sshKey }) => sshKey ?? []))),
    }),
  };

const COMMON: ReadonlySet<DocumentKey> = new Set<DocumentKey>(['fetch', ...MACHINE_DOCUMENTS]);
const isCommon = (key: DocumentKey): key is CommonDocument => COMMON.has(key);

/** The lines of shell that give a document its farm; none for a document that is the same for all. */
export function farmConstants(key: DocumentKey, farm: DocumentedFarm | undefined): string {
  if (isCommon(key) || farm === undefined) return '';
  return Object.entries(VARIABLES[key](farm))
    .map(([name, value]) => `${name}='${inBase64(value)}'\n`)
    .join('');
}
