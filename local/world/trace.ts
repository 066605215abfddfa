/** Workloads from recorded queues: CSV with the header `arrival_s,system,duration_s`. */
import { PSEUDO_FEATURES } from '../../lambdas/core/config/systems.ts';
import { count } from '../../lambdas/core/text/count.ts';
import type { Arrival, Workload } from './workload.ts';

const HEADER = 'arrival_s,system,duration_s';
const ROW =
  /^(?<arrival>\d+(\.\d+)?),"?(?<system>[A-Za-z0-9_-]+)(:(?<features>[A-Za-z0-9_.+-]+(,[A-Za-z0-9_.+-]+)*))?"?,(?<duration>\d+(\.\d+)?)$/;
/** A trace with this many mistakes is not a trace; naming more helps nobody. */
const PROBLEMS_SHOWN = 20;

/** A trace that cannot be used; the message names the first bad lines. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}

/**
 * Reads a trace. The system may carry features, as in `x86_64-linux:kvm,nixos-test`; with or without quotes around it,
 * since the duration is always what stands after the last comma.
 * @throws TraceError
 */
export function parseTrace(text: string): Workload {
  const [header, ...rows] = text.split(/\r?\n/).map((line) => line.trim());
  const problems = header === HEADER ? [] : [`line 1 must be "${HEADER}"`];
  const arrivals = new Map<string, { first: Arrival; durations: number[] }>();
  rows.forEach((row, index) => {
    if (row === '') return;
    const match = ROW.exec(row)?.groups;
    if (match === undefined)
      problems.push(
        `line ${index + 2}: must be SECONDS,SYSTEM[:FEATURE,…],SECONDS, is "${row.slice(0, 80)}"`,
      );
    else
      addRow(arrivals, {
        atSeconds: Number(match['arrival']),
        system: match['system'] ?? '',
        features: match['features'] ?? '',
        duration: Number(match['duration']),
      });
  });
  if (problems.length > 0) {
    const shown = problems.slice(0, PROBLEMS_SHOWN).join('\n  ');
    throw new TraceError(`the trace has ${count(problems.length, 'problem')}:\n  ${shown}`);
  }
  return [...arrivals.values()]
    .map(({ first, durations }) => ({ ...first, durationsSeconds: durations }))
    .toSorted((a, b) => a.atSeconds - b.atSeconds);
}

interface Row {
  readonly atSeconds: number;
  readonly system: string;
  readonly features: string;
  readonly duration: number;
}

function addRow(
  arrivals: Map<string, { first: Arrival; durations: number[] }>,
  { atSeconds, system, features, duration }: Row,
): void {
  const key = `${atSeconds} ${system}:${features}`;
  const known = arrivals.get(key);
  if (known !== undefined) {
    known.durations.push(duration);
    return;
  }
  const words = features === '' ? [] : features.split(',');
  // Recorded queues have the queue runner's kinds of steps in them, which name places as well as features.
  const first: Arrival = {
    atSeconds,
    system,
    features: words.filter((word) => !PSEUDO_FEATURES.has(word)),
    ...(words.includes('local') && { preferLocal: true }),
    durationsSeconds: [],
  };
  arrivals.set(key, { first, durations: [duration] });
}
