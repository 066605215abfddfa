/**
 * Whether the queue runner reads our machines file at all. After one malformed line in any of its files it refuses them
 * all and goes on with what it read before; started with one, it knows no machine
 * (measured: docs/develop/facts.md#one-malformed-line-refuses-all-files). No machine we list is used then.
 */
import type { Sight } from '../../../core/life/dialect.ts';
import { askedAtOf } from '../../../core/life/looks.ts';
import type { Planned } from '../../../core/life/planned.ts';
import type { EpochSeconds, Problem, Sighting, TrustedStatus } from '../../../core/model/index.ts';
import { REREAD_SECONDS } from './evidence.ts';

/** A change of our file that the status does not show. */
interface Unread {
  readonly change: Sighting;
  readonly words: string;
}

const CAUSE =
  'after one malformed line in any of its machines files the queue runner refuses them all and keeps the machines it had';
const REMEDY =
  'read its log (journalctl -u hydra-queue-runner), repair that line, look whether our file is in its ' +
  'NIX_REMOTE_SYSTEMS, and run the doctor';

/**
 * The problem, with its cause, when a trusted status still does not show a change that was in our
 * file two minutes before; undefined while the file is read, or as long as that is unknown.
 */
export function unreadFile(context: Sight, machines: readonly Planned[]): Problem | undefined {
  const { status } = context;
  // Without a file there is nothing to read: that it is missing is told where it is written.
  if (status === undefined || context.observation.offer === undefined) return undefined;
  const readAt = lastReadAt(context, status, machines);
  const unread = machines
    .map((planned) => notListed(status, planned) ?? stillListed(status, planned, machines))
    .filter((found): found is Unread => found !== undefined)
    .filter(({ change }) => secondsSince(context, status, change) >= REREAD_SECONDS && change.at > readAt)
    .toSorted((a, b) => a.change.hostAt - b.change.hostAt);
  const [oldest] = unread;
  if (oldest === undefined) return undefined;
  const more = unread.length > 1 ? ` (and ${unread.length - 1} more like it)` : '';
  const change = `${oldest.words} over ${REREAD_SECONDS / 60} min ago${more}`;
  return { says: `the queue runner does not read our machines file: ${change}; ${CAUSE}`, remedy: REMEDY };
}

/** The shorter of both clocks, from the change or from the runner's start on, whichever was later. */
function secondsSince({ observation }: Sight, status: TrustedStatus, { at, hostAt }: Sighting): number {
  return Math.min(status.at - Math.max(hostAt, status.runnerStartedAt), askedAtOf(observation) - at);
}

/** A machine shown since the runner's start was read once: if it is not listed now, our file was changed by others. */
function notListed(status: TrustedStatus, { machine, seen }: Planned): Unread | undefined {
  const { phase, offered, seenOffered, instanceId, address } = machine;
  const wasShown = seenOffered !== undefined && seenOffered.hostAt >= status.runnerStartedAt;
  if (phase !== 'ready' || offered === undefined || address === undefined) return undefined;
  if (wasShown || seen?.offered === true) return undefined;
  return { change: offered, words: `it does not list ${instanceId} at ${address}, which was put in` };
}

/** A runner that has started since has read the file; an address may belong to another machine by now. */
function stillListed(
  status: TrustedStatus,
  { machine, seen }: Planned,
  machines: readonly Planned[],
): Unread | undefined {
  const { phase, drain, instanceId, address } = machine;
  if (phase !== 'draining' || drain?.withdrawn === undefined || seen?.offered !== true) return undefined;
  const isTaken = machines.some(
    (other) => other.machine.address === address && other.machine.offered !== undefined,
  );
  if (isTaken || status.runnerStartedAt > drain.withdrawn.hostAt) return undefined;
  return {
    change: drain.withdrawn,
    words: `it still lists ${instanceId} at ${address}, which was taken out`,
  };
}

/**
 * A state of our file as young as this, by our clock, is known to have been read: it lists a machine that did not run
 * before, or it does so since its own start; or it has dropped one that it had listed.
 */
function lastReadAt(
  { observation }: Sight,
  status: TrustedStatus,
  machines: readonly Planned[],
): EpochSeconds {
  const startedAt = observation.now - (status.at - status.runnerStartedAt);
  const times = machines.map(({ machine, instance, seen }): EpochSeconds => {
    if (seen === undefined) return -Infinity;
    if (seen.offered) return Math.max(startedAt, instance?.startedAt ?? -Infinity);
    const { seenOffered, drain } = machine;
    return seenOffered === undefined ? -Infinity : (drain?.withdrawn?.at ?? -Infinity);
  });
  return Math.max(-Infinity, ...times);
}
