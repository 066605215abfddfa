/** Why a status command failed, from the command, its exit code and stderr, with what to do about it. */
import { findContainer, handOn, type Means, meansOf, whereIn } from './command-means.ts';
import type { Problem } from '../../core/model/index.ts';
import { excerpt } from '../../core/text/excerpt.ts';

export interface CommandFailure {
  readonly exitCode: number;
  readonly stderr: string;
  /** Program and arguments, where they are known. */
  readonly command?: readonly string[];
}

/** @param variable the name in what was said, if it names one. */
type Remedy = (means: Means, variable: string) => string;

/** What the queue runner's user is called in Hydra's own images and set-ups. */
const EXAMPLES: Readonly<Record<string, string>> = {
  LOGNAME: 'hydra',
  HYDRA_DATA: '/var/lib/hydra',
  PGPASSFILE: '/var/lib/hydra/pgpass-queue-runner',
};

const give: Remedy = (means, variable) => handOn(means, variable, EXAMPLES[variable]);

/** What stderr may say, in the words of the programs that say it, and the remedy. The first that fits is taken. */
const HINTS: readonly (readonly [RegExp, Remedy])[] = [
  [
    /environment variable '?(?<variable>[A-Z_]+)'? is not set/i,
    (means, variable) =>
      `${give(means, variable)} (the queue runner needs LOGNAME and HYDRA_DATA even for --status)`,
  ],
  [
    /fe_sendauth: no password supplied/i,
    (means) =>
      `${give(means, 'PGPASSFILE')}: the file with the password, which NixOS names in the unit alone`,
  ],
  [/cannot connect to the docker daemon/i, () => 'start Docker on the Hydra host'],
  [
    /docker daemon socket|docker\.sock/i,
    () => 'let host.user use Docker (group docker), or leave host.user out',
  ],
  [
    /no such container|no container with name|no container found|container.*(does not exist|not found)|no machine .* known|pods? ".*" not found/i,
    (means) => findContainer(means),
  ],
  [
    /container.* is not running|service .* is not running|container state improper|only create exec sessions on running/i,
    () => 'start the container: while it does not run, the queue runner in it does not either',
  ],
  [/input device is not a tty/i, () => 'take "-t" out of host.statusCommand: there is no terminal'],
  [
    /connection to server|could not connect|password authentication|peer authentication|no pg_hba\.conf entry/i,
    (means) =>
      `check that PostgreSQL runs and lets host.user in, and HYDRA_DBI: ${handOn(means, 'HYDRA_DBI')}`,
  ],
  [/did not respond/i, () => 'look at the queue runner’s log and restart it'],
  [/unrecogni[sz]ed flag|unexpected argument|^usage:/i, () => 'check the arguments in host.statusCommand'],
  [
    /not found|no such file/i,
    (means) => `give the full path of the program in host.statusCommand${whereIn(means)}`,
  ],
  [
    /permission denied/i,
    () => 'choose a host.user that may run it and write to the gc roots directory of hydra.conf',
  ],
];

const BY_EXIT_CODE: ReadonlyMap<number, Remedy> = new Map<number, Remedy>([
  [2, () => 'the program does not know these arguments: check host.statusCommand'],
  [124, () => 'it took too long: look at the load of the Hydra host'],
  [126, () => 'it may not be executed: check host.user and host.statusCommand'],
  [127, (means) => `give the full path of the program in host.statusCommand${whereIn(means)}`],
]);

const RUST_USAGE = /unexpected argument '?--status/i;

/** Whether the program is the Rust queue runner, which has no `--status`. */
export function isRustUsageError(stderr: string): boolean {
  return RUST_USAGE.test(stderr);
}

/** Exit code and the telling line of stderr, with the remedy. */
export function explainFailure({ exitCode, stderr, command = [] }: CommandFailure): Problem {
  const said = tellingLine(stderr);
  const means = meansOf(command);
  const [pattern, hint] = HINTS.find(([words]) => words.test(said)) ?? [];
  const variable = pattern?.exec(said)?.groups?.['variable'] ?? '';
  const remedy =
    (hint ?? BY_EXIT_CODE.get(exitCode))?.(means, variable) ??
    'run the status command on the Hydra host by hand and look';
  return { says: `the status command ended with exit code ${exitCode}${said && `: ${said}`}`, remedy };
}

/** The error line if there is one, else the last that is not a warning: Nix warns about settings before it fails. */
function tellingLine(stderr: string): string {
  const lines = stderr
    .slice(0, 100_000)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^warning:/i.test(line));
  return excerpt(lines.find((line) => /^error:/i.test(line)) ?? lines.at(-1) ?? '', 200);
}
