/**
 * What the Hydra host's answers can tell of machines. They are read here by the judge's own rules. About copies
 * they are not the truth, for a status is not of one instant: the ledger knows what is still copied back.
 */

/** What is out of the machines file, disabled and without a step in a slot, by one answer. */
export interface Telling {
  readonly at: number;
  readonly quiet: ReadonlySet<string>;
}

/** Machines a status shows listed or with steps in their slots. */
export function busyAddresses(status: string): ReadonlySet<string> {
  const { machines = {} } = JSON.parse(status) as { machines?: Record<string, Seen> };
  const busy = Object.entries(machines).filter(([, { enabled, currentJobs }]) => enabled || currentJobs > 0);
  return new Set(busy.map(([uri]) => uri.replace(/^.*@/, '')));
}

interface Seen {
  readonly enabled: boolean;
  readonly currentJobs: number;
}

/** A queue runner that started later does not know its queue and machines yet. */
const MIN_UPTIME_SECONDS = 60;

/** The world's own reading of a status: up, and for long enough to know its queue. */
export function isSettled(stdout: string, exitCode: number): boolean {
  if (exitCode !== 0) return false;
  const uptime = /"uptime":(\d+)/.exec(stdout)?.[1];
  return stdout.startsWith('{') && uptime !== undefined && Number(uptime) >= MIN_UPTIME_SECONDS;
}
