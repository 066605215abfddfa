/** Why a status command failed, from its exit code and stderr, with what to do about it. */
import { excerpt } from './excerpt.ts';

export interface CommandFailure {
  readonly exitCode: number;
  readonly stderr: string;
}

/** What stderr may say, in the words of the programs that say it, and the remedy. The first that fits is taken. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /environment variable '?[A-Z_]+'? is not set/i,
    'set that variable in host.environment (the queue runner needs LOGNAME and HYDRA_DATA even for --status)',
  ],
  [
    /connection to server|could not connect|password authentication|peer authentication|no pg_hba\.conf entry/i,
    'check that PostgreSQL runs and lets host.user in, and HYDRA_DBI in host.environment',
  ],
  [/did not respond/i, 'look at the queue runner’s log and restart it'],
  [/unrecogni[sz]ed flag|unexpected argument|^usage:/i, 'check the arguments in host.statusCommand'],
  [/not found|no such file/i, 'give the full path of the program in host.statusCommand'],
  [
    /permission denied/i,
    'choose a host.user that may run it and write to the gc roots directory of hydra.conf',
  ],
];

const BY_EXIT_CODE: ReadonlyMap<number, string> = new Map([
  [2, 'the program does not know these arguments: check host.statusCommand'],
  [124, 'it took too long: look at the load of the Hydra host'],
  [126, 'it may not be executed: check host.user and host.statusCommand'],
  [127, 'give the full path of the program in host.statusCommand'],
]);

const RUST_USAGE = /unexpected argument '?--status/i;

/** Whether the program is the Rust queue runner, which has no `--status`. */
export function isRustUsageError(stderr: string): boolean {
  return RUST_USAGE.test(stderr);
}

/** One sentence: exit code, the telling line of stderr, the remedy. */
export function explainFailure({ exitCode, stderr }: CommandFailure): string {
  const said = tellingLine(stderr);
  const hint =
    HINTS.find(([pattern]) => pattern.test(said))?.[1] ??
    BY_EXIT_CODE.get(exitCode) ??
    'run the status command on the Hydra host by hand and look';
  return `the status command ended with exit code ${exitCode}${said && `: ${said}`}. Remedy: ${hint}`;
}

/** The error line if there is one, else the last that is no warning: Nix warns about settings before it fails. */
function tellingLine(stderr: string): string {
  const lines = stderr
    .slice(0, 100_000)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^warning:/i.test(line));
  return excerpt(lines.find((line) => /^error:/i.test(line)) ?? lines.at(-1) ?? '', 200);
}
