/**
 * What the C++ queue runner's status proves of a machine. Host times are compared with host times only, so that a skewed
 * clock on either side proves nothing.
 */
import type { Shown, Sight } from '../../../core/life/dialect.ts';
import type { Machine, Sighting, TrustedStatus } from '../../../core/model/index.ts';

/**
 * A line that was in the file, or out of it, for this long has been read by a runner that polls every 30 s
 * (measured: docs/develop/facts.md#machines-files-are-read-again-every-30-seconds).
 */
export const REREAD_SECONDS = 120;

/** An idle machine that cannot be asked has copied everything back by then, in seconds, if the runner does not count copies. */
const LONG_IDLE_SECONDS = 600;
/**
 * Where the runner counts copies and has some, one of them can be from a machine that hangs in the middle. By then, in
 * seconds, the kernel's keep-alive has given such a connection up (2 h and 9 probes of 75 s), and the runner with it.
 */
const HANGING_COPY_SECONDS = 7875;

/**
 * The runner forgets a machine only by restarting, and knows none whose line it never read. Any other machine that its
 * status does not show is unknown.
 */
export function mayBeMissing({ seenOffered }: Machine, withdrawn: Sighting, status: TrustedStatus): boolean {
  const neverRead = seenOffered === undefined && status.at - withdrawn.hostAt >= REREAD_SECONDS;
  return neverRead || status.runnerStartedAt > withdrawn.hostAt;
}

/**
 * The machine itself says whether it serves its store. Where it cannot be asked, long idleness says so too.
 * @param wasAsked whether it was asked this round, or cannot be: only then does idleness count.
 */
export function isClear(
  { status, observation }: Sight,
  { instanceId, seen }: Shown,
  wasAsked: boolean,
): boolean {
  const use = observation.storeUse.get(instanceId);
  if (use !== undefined) return use === 'quiet';
  if (!wasAsked || status === undefined || seen?.idleSince === undefined) return false;
  const longSeconds = status.stepsFinishing === undefined ? LONG_IDLE_SECONDS : HANGING_COPY_SECONDS;
  return status.at - seen.idleSince >= longSeconds;
}
