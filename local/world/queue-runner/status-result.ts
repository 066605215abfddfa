/** What one `hydra-queue-runner --status` leaves behind. */
export interface StatusResult {
  readonly exit: 0 | 1;
  /** One line of JSON with its newline, or nothing. */
  readonly stdout: string;
  readonly stderr: string;
  /** How long it took. */
  readonly wallSeconds: number;
}

const NOT_RESPONDING = 'error: queue runner did not respond; status information may be wrong\n';
const NO_DATABASE =
  'error: connection to server on socket "/run/postgresql/.s.PGSQL.5432" failed: No such file or directory\n' +
  ' Is the server running locally and accepting connections on that socket?\n\n';

/** Measured: median 0.033 s, and 5.05 s when nothing answers. */
const USUAL_SECONDS = 0.033;
const STALE_SECONDS = 5.05;
const NO_DATABASE_SECONDS = 0.04;

export const statusFresh = (dump: string, wallSeconds = USUAL_SECONDS): StatusResult => ({
  exit: 0,
  stdout: `${dump}\n`,
  stderr: '',
  wallSeconds,
});

/** Never started, or ended and unlocked. */
export const statusDown = (): StatusResult => statusFresh('{"status":"down"}');

/** Killed or hung: the last dump, which still says `up`. */
export const statusStale = (dump: string, wallSeconds = STALE_SECONDS): StatusResult => ({
  exit: 1,
  stdout: `${dump}\n`,
  stderr: NOT_RESPONDING,
  wallSeconds,
});

export const databaseDown = (): StatusResult => ({
  exit: 1,
  stdout: '',
  stderr: NO_DATABASE,
  wallSeconds: NO_DATABASE_SECONDS,
});
