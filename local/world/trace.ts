/** Workloads from recorded queues: CSV with the header `arrival_s,system,duration_s`, and `,jobset,evaluation_s` where it tells evaluations. */
import { PSEUDO_FEATURES } from '../../lambdas/core/config/systems.ts';
import { count } from '../../lambdas/core/text/count.ts';
import type { Arrival, Workload } from './workload.ts';

const HEADER = 'arrival_s,system,duration_s';
const NUMBER = String.raw`\d+(\.\d+)?`;
const FEATURE = '[A-Za-z0-9_.+-]+';
const KIND = `(?<arrival>${NUMBER}),"?(?<system>[A-Za-z0-9_-]+)(:(?<features>${FEATURE}(,${FEATURE})*))?"?`;
const JOBSET = '(?<jobset>[A-Za-z0-9_.:-]{1,200})';
/** What the rows of a file look like, by its first line. Without a duration an evaluation has brought nothing. */
const FORMS = [
  {
    header: HEADER,
    row: new RegExp(`^${KIND},(?<duration>${NUMBER})$`),
    says: 'SECONDS,SYSTEM[:FEATURE,…],SECONDS',
  },
  {
    header: `${HEADER},jobset,evaluation_s`,
    row: new RegExp(
      `^${KIND},((?<alone>${NUMBER}),,|(?<duration>${NUMBER})?,${JOBSET},(?<seconds>${NUMBER}))$`,
    ),
    says: 'SECONDS,SYSTEM[:FEATURE,…],[SECONDS],[JOBSET],[SECONDS]',
  },
] as const;
/** A trace with this many mistakes is not a trace; naming more helps nobody. */
const PROBLEMS_SHOWN = 20;

/** A trace that cannot be used; the message names the first bad lines. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}

/**
 * Reads a trace. The system may carry features, as in `x86_64-linux:kvm,nixos-test`; with or without quotes around it,
 * since what stands after it has no commas of its own.
 * @throws TraceError
 */
export function parseTrace(text: string): Workload {
  const [header, ...rows] = text.split(/\r?\n/).map((line) => line.trim());
  const found = FORMS.find((one) => one.header === header);
  const { row: form, says } = found ?? FORMS[0];
  const problems = found === undefined ? [`line 1 must be "${FORMS[0].header}"`] : [];
  const arrivals = new Map<string, { first: Arrival; durations: number[] }>();
  rows.forEach((row, index) => {
    if (row === '') return;
    const match = form.exec(row)?.groups;
    if (match === undefined) problems.push(`line ${index + 2}: must be ${says}, is "${row.slice(0, 80)}"`);
    else addRow(arrivals, match);
  });
  if (problems.length > 0) {
    const shown = problems.slice(0, PROBLEMS_SHOWN).join('\n  ');
    throw new TraceError(`the trace has ${count(problems.length, 'problem')}:\n  ${shown}`);
  }
  return [...arrivals.values()]
    .map(({ first, durations }) => ({ ...first, durationsSeconds: durations }))
    .toSorted((a, b) => a.atSeconds - b.atSeconds);
}

function addRow(
  arrivals: Map<string, { first: Arrival; durations: number[] }>,
  {
    arrival,
    system = '',
    features = '',
    jobset,
    seconds,
    ...took
  }: Readonly<Record<string, string | undefined>>,
): void {
  const duration = took['alone'] ?? took['duration'];
  const key = [Number(arrival), system, features, jobset, seconds].join(' ');
  const durations = duration === undefined ? [] : [Number(duration)];
  const known = arrivals.get(key);
  if (known !== undefined) {
    known.durations.push(...durations);
    return;
  }
  const words = features === '' ? [] : features.split(',');
  // Recorded queues have the queue runner's kinds of steps in them, which name places as well as features.
  const first: Arrival = {
    atSeconds: Number(arrival),
    system,
    features: words.filter((word) => !PSEUDO_FEATURES.has(word)),
    ...(words.includes('local') && { preferLocal: true }),
    ...(jobset !== undefined && { evaluation: { jobset, seconds: Number(seconds) } }),
    durationsSeconds: [],
  };
  arrivals.set(key, { first, durations });
}
