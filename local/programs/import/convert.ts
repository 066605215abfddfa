/** From hydra-provisioner's options to ours. What has no equivalent is noted, never silently lost. */
import * as z from 'zod';
import { readStatusCommand } from './command.ts';
import { machinesFileOf, machinesFileSetting } from './machines-file.ts';
import type { Note } from './note.ts';
import { convertType } from './convert-type.ts';

const command = z.union([z.string(), z.array(z.string()).min(1)], 'must be a string or a list of strings');

/** As far as the old program read it. */
const confSchema = z.looseObject(
  {
    tag: z.string('must be a string').optional(),
    systemTypes: z
      .record(
        z.string(),
        z.record(z.string(), z.unknown(), 'must be a set of options'),
        'must be a set of types',
      )
      .default({}),
    statusCommand: command.optional(),
    sshCommand: command.optional(),
    updateCommand: command.optional(),
  },
  'must be a set of options',
);

type Conf = z.output<typeof confSchema>;

/** What the user says beside the file. */
export interface Choices {
  /** The Hydra host's id in SSM. */
  readonly hostInstanceId?: string;
  /** The machines file's path on the Hydra host. */
  readonly machinesFile?: string;
}

export interface Converted {
  /** An autoscaler.json, to be checked by our own parser. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly notes: readonly Note[];
}

/** Stands where only the user knows: valid for editors and a first look, and refused by every deployment. */
const UNKNOWN_HOST = 'i-00000000000000000';
const KNOWN = new Set(['tag', 'systemTypes', 'statusCommand', 'sshCommand', 'updateCommand']);
const OLD_DEFAULT_MAX = 1;

/** @throws ZodError when it is not shaped like a hydra-provisioner configuration, NoFarmError when it has no machine types. */
export function convertConf(conf: unknown, choices: Choices): Converted {
  const old = confSchema.parse(conf);
  refuseNoFarm(old);
  const types = Object.entries(old.systemTypes).map(([key, type]) => [key, convertType(key, type)] as const);
  const { host, notes } = hostOf(old, choices);
  const total = types.reduce(
    (sum, [, { written }]) => sum + Number(written['maxMachines'] ?? OLD_DEFAULT_MAX),
    0,
  );
  return {
    written: {
      observeOnly: true,
      ...(old.tag === undefined ? {} : { tag: old.tag }),
      maxTotalMachines: total,
      host,
      systemTypes: Object.fromEntries(types.map(([key, { written }]) => [key, written])),
    },
    notes: [
      ...Object.keys(old)
        .filter((key) => !KNOWN.has(key))
        .map((path) => ({ path, message: 'hydra-provisioner has no such option; left out' })),
      ...types.flatMap(([, type]) => type.notes),
      ...notes,
      { path: 'observeOnly', message: 'is true at first: look at a few plans, then set it to false' },
      {
        path: 'maxTotalMachines',
        message: `is ${total}, the sum of all maxMachines: hydra-provisioner had no cap on all types together`,
      },
    ],
  };
}

/** The file says nothing of machines: it is a different one, or an empty one. */
export class NoFarmError extends Error {
  override readonly name = 'NoFarmError';
}

/** Keys that only a configuration of ours has. */
const OURS = ['host', 'deploy', 'maxTotalMachines', 'observeOnly'];

function refuseNoFarm(old: Conf): void {
  if (OURS.some((key) => Object.hasOwn(old, key)))
    throw new NoFarmError('it is a configuration of ours already: try `npm run check`');
  if (Object.keys(old.systemTypes).length > 0) return;
  const keys = Object.keys(old).filter((key) => key !== 'systemTypes');
  throw new NoFarmError(
    `it has no systemTypes, so there is no farm in it${keys.length === 0 ? '' : `, only ${keys.slice(0, 10).join(', ')}`}; name hydra-provisioner’s configuration`,
  );
}

function hostOf(
  old: Conf,
  { hostInstanceId, machinesFile }: Choices,
): { readonly host: Readonly<Record<string, unknown>>; readonly notes: readonly Note[] } {
  const notes: Note[] = [];
  if (hostInstanceId === undefined)
    notes.push({
      path: 'host.instanceId',
      message: `is ${UNKNOWN_HOST} until you fill in the Hydra host's id in SSM (i-… or mi-…), or import with --host`,
    });
  const status = statusOf(old, notes);
  const file = old.updateCommand === undefined ? undefined : machinesFileOf(old.updateCommand);
  const { setting, notes: ofFile } = machinesFileSetting(file, machinesFile);
  notes.push(...ofFile);
  return {
    host: {
      instanceId: hostInstanceId ?? UNKNOWN_HOST,
      ...status,
      ...setting,
    },
    notes,
  };
}

function statusOf({ statusCommand, sshCommand }: Conf, notes: Note[]): Readonly<Record<string, unknown>> {
  const path = statusCommand === undefined ? 'sshCommand' : 'statusCommand';
  const written = statusCommand ?? sshCommand;
  if (statusCommand !== undefined && sshCommand !== undefined)
    notes.push({ path: 'sshCommand', message: 'left out: statusCommand is what the program read' });
  if (written === undefined) return {};
  const { notes: ofCommand, ...status } = readStatusCommand(path, written);
  notes.push(...ofCommand);
  return status;
}
