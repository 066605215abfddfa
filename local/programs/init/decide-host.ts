/** Which Hydra the farm serves, and how it is reached. */
import { STACKS_OWN_HOST } from '../../../lambdas/core/config/hydra-host-schema.ts';
import { HOST_KEY_FILE } from '../../../infra/hydra-host-rules.ts';
import type { AccountFacts, Candidate } from './account-facts.ts';
import type { Answers } from './answers.ts';
import { byDefault, fromAccount, fromYou, missing, put } from './setting.ts';
import type { Missing, Part, Setting, Sourced } from './setting.ts';

/** Where docs/hydra-host.md has people make the key on Debian and for Docker. */
export const OTHER_KEY_FILE = '/srv/hydra/keys/id_ed25519';

export type HydraKind = NonNullable<Answers['hydra']>;

const HOST_HOW = 'as aws ssm describe-instance-information shows it';

/** Whose name says that it is the Hydra host. */
const isCalledHydra = ({ name }: Candidate): boolean => /hydra/i.test(name);
const inWords = ({ instanceId, name, address, platform }: Candidate): string =>
  `${instanceId} (${name}, ${address}, ${platform})`;

/** The host there is: said, or the only one it can be. Undefined where it is not known, or the stack makes it. */
export function hostOf(
  { host, hydra }: Answers,
  { candidates = [], look }: AccountFacts,
): Sourced<string> | undefined {
  if (hydra === 'new') return undefined;
  const said = fromYou('host', host);
  if (said !== undefined) return said;
  const called = candidates.filter(isCalledHydra);
  const [only, ...others] = called.length > 0 ? called : candidates;
  // Where there is nothing that would run builds, it is some other machine.
  const isNoHost = look !== undefined && look.runner === undefined;
  if (only === undefined || others.length > 0 || isNoHost) return undefined;
  const why = called.length > 0 ? 'the only managed instance called so' : 'the only managed instance';
  return fromAccount(only.instanceId, `${why}, ${only.name} (ssm:DescribeInstanceInformation)`);
}

/** What Hydra runs on, as far as it is known. */
export function kindOf(answers: Answers, facts: AccountFacts): HydraKind | undefined {
  if (answers.hydra !== undefined) return answers.hydra;
  const host = hostOf(answers, facts);
  if (host === undefined) return undefined;
  if (answers.container !== undefined || facts.look?.isInContainer === true) return 'docker';
  const platform = facts.candidates?.find(({ instanceId }) => instanceId === host.value)?.platform ?? 'NixOS';
  return /nixos/i.test(platform) ? 'nixos' : 'debian';
}

/** The kind of queue runner that is served; C++ unless somebody says or sees another. */
export const runnerOf = ({ runner, queueRunnerAddr }: Answers, { look }: AccountFacts): 'cpp' | 'rust' =>
  runner ?? (queueRunnerAddr === undefined ? (look?.runner ?? 'cpp') : 'rust');

/** `host` of the configuration. */
export function decideHost(answers: Answers, facts: AccountFacts): Part {
  const kind = kindOf(answers, facts);
  if (kind === 'new') return { settings: ownHost(), missing: [], notes: [] };
  const host = hostOf(answers, facts);
  if (host === undefined || kind === undefined)
    return { settings: [], missing: [unknownHost(answers, facts)], notes: [] };
  const settings = [
    ...put(['host', 'instanceId'], host),
    ...(runnerOf(answers, facts) === 'rust' ? byRust(answers, facts) : byCpp(kind, answers, facts)),
  ];
  return { settings, missing: entranceMissing(answers, facts), notes: hostNotes(host.value, facts) };
}

/** A person may name a host that is still to be set up; what is found there later is the doctor's to tell. */
const hostNotes = (host: string, { look }: AccountFacts): readonly string[] =>
  look !== undefined && look.runner === undefined
    ? [`no queue runner was found on ${host}; until there is one, ticks launch nothing`]
    : [];

const ownHost = (): readonly Setting[] => [
  ...put(['host', 'instanceId'], byDefault(STACKS_OWN_HOST, 'the stack makes the Hydra host')),
  ...put(['host', 'user'], byDefault('hydra-queue-runner', 'whom the queue runner runs as there')),
];

const NEITHER =
  'new needs nothing else; the one you have also takes --host, --hydra-source, --queue-runner-key';

function unknownHost({ hydra }: Answers, { candidates, look }: AccountFacts): Missing {
  const choices = (candidates ?? []).map(inWords);
  if (look !== undefined)
    return missing(
      'host',
      'no queue runner was found on the one that seemed to be it; no Hydra yet: --hydra new',
      choices,
    );
  if (choices.length > 1) return missing('host', 'one of these; no Hydra yet: --hydra new', choices);
  if (hydra !== undefined) return missing('host', HOST_HOW, choices);
  const nobody = 'SSM manages no Linux instance here (docs/hydra-host.md#ssm)';
  return missing('hydra', candidates === undefined ? NEITHER : `${nobody}; ${NEITHER}`);
}

/** How the C++ queue runner is asked, which depends on where it lives. */
function byCpp(kind: HydraKind, answers: Answers, { look }: AccountFacts): readonly Setting[] {
  const named = put(['host', 'runner'], fromYou('runner', answers.runner));
  if (kind === 'docker') return [...named, ...inContainer(answers)];
  const usual = kind === 'nixos' ? 'hydra-queue-runner' : 'hydra';
  const user =
    look?.user === undefined
      ? byDefault(usual, `whom the queue runner usually runs as on ${kind === 'nixos' ? 'NixOS' : 'Debian'}`)
      : fromAccount(look.user, 'whom the queue runner was seen to run as (ssm:SendCommand)');
  const dbi = byDefault('dbi:Pg:dbname=hydra;', 'Hydra’s database, where it has its usual name');
  return [
    ...named,
    ...put(['host', 'user'], user),
    ...(kind === 'debian' ? put(['host', 'environment', 'HYDRA_DBI'], dbi) : []),
  ];
}

function inContainer({ container }: Answers): readonly Setting[] {
  const said = fromYou('container', container) ?? byDefault('hydra', 'what the container is usually called');
  const status = ['docker', 'exec', '-e', 'LOGNAME=hydra', said.value, 'hydra-queue-runner', '--status'];
  return [
    ...put(['host', 'statusCommand'], { ...said, value: status }),
    ...put(
      ['host', 'machinesFile'],
      byDefault('/srv/hydra/provisioner/machines', 'where infra/hydra-host/docker-compose.yaml puts it'),
    ),
  ];
}

function byRust(answers: Answers, facts: AccountFacts): readonly Setting[] {
  const kind =
    fromYou('runner', answers.runner) ??
    (answers.queueRunnerAddr === undefined
      ? fromAccount('rust', 'the queue runner that was seen on the host (ssm:SendCommand)')
      : byDefault('rust', 'only the Rust queue runner has an address builders register at'));
  return [...put(['host', 'runner'], kind), ...put(['host', 'queueRunnerAddr'], entranceOf(answers, facts))];
}

/** The port builders register at where nobody says another (NixOS 26.11). */
const ENTRANCE_PORT = 50_051;

const entranceOf = ({ queueRunnerAddr }: Answers, { place }: AccountFacts): Sourced<string> | undefined =>
  fromYou('queueRunnerAddr', queueRunnerAddr) ??
  (place &&
    fromAccount(
      `http://${place.address}:${ENTRANCE_PORT}`,
      'the private address of the host (ec2:DescribeInstances)',
    ));

function entranceMissing(answers: Answers, facts: AccountFacts): readonly Missing[] {
  if (runnerOf(answers, facts) === 'cpp' || entranceOf(answers, facts) !== undefined) return [];
  return [
    missing('queueRunnerAddr', `http:// and the private address of the host, port ${ENTRANCE_PORT} on NixOS`),
  ];
}

/** Where the queue runner has its private key. Undefined for the Rust one, which needs none. */
export function sshKeyOf(answers: Answers, facts: AccountFacts): Sourced<string> | undefined {
  const kind = kindOf(answers, facts);
  if (kind !== 'new' && runnerOf(answers, facts) === 'rust') return undefined;
  if (kind === 'new') return byDefault(HOST_KEY_FILE, 'where the stack’s own host has it');
  const { sshKey } = facts.look ?? {};
  return (
    fromYou('sshKey', answers.sshKey) ??
    (sshKey === undefined
      ? undefined
      : fromAccount(sshKey, 'the key that was found on the host (ssm:SendCommand)')) ??
    (kind === 'debian' || kind === 'docker'
      ? byDefault(OTHER_KEY_FILE, 'where docs/hydra-host.md makes it')
      : byDefault(HOST_KEY_FILE, 'where the NixOS module makes it'))
  );
}
