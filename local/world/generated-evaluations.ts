/** Evaluations for a made-up queue: each batch is what one has brought, and some bring nothing. */
import type { Random } from './random.ts';
import type { Arrival, Workload } from './workload.ts';

/** Jobsets of each kind of build, among which its batches are. */
const JOBSETS = 2;
/** What evaluating one usually takes, in seconds, and by how much of that it varies. */
const USUAL_SECONDS = { least: 60, most: 420 } as const;
const VARIANCE = 0.2;
/** For each batch so many evaluations bring nothing, within so many seconds after it. */
const IN_VAIN_CHANCE = 0.2;
const IN_VAIN_SECONDS = 3600;
/** Nothing is expected of a jobset that has not brought builds twice: so often each has before the first second. */
const BEFORE = 2;
const BEFORE_SECONDS = 4 * 3600;

interface Jobset {
  readonly name: string;
  readonly usualSeconds: number;
  /** Until then it is being evaluated. */
  busyUntil: number;
}

interface Drawing {
  readonly random: Random;
  /** How long each build of a batch takes. */
  readonly durations: (random: Random) => readonly number[];
}

/**
 * The same batches, most of them as the end of an evaluation: one whose jobset is being evaluated already comes
 * unannounced. An arrival without builds is an evaluation in vain; those before the first second are known at the start.
 */
export function withEvaluations(workload: Workload, drawing: Drawing): Workload {
  const byKind = Map.groupBy(workload, ({ system, features }) => [system, ...features].join('-'));
  return [...byKind]
    .flatMap(([kind, batches]) => evaluationsOfKind(kind, batches, drawing))
    .toSorted((a, b) => a.atSeconds - b.atSeconds);
}

function evaluationsOfKind(kind: string, batches: Workload, { random, durations }: Drawing): Workload {
  const jobsets = Array.from({ length: JOBSETS }, (_, number): Jobset => {
    const usualSeconds = random.between(USUAL_SECONDS.least, USUAL_SECONDS.most);
    return { name: `demo:${kind}-${number}`, usualSeconds, busyUntil: 0 };
  });
  const before = batches.slice(0, 1).flatMap((batch) =>
    jobsets.flatMap((jobset) =>
      Array.from({ length: BEFORE }, (_, number): Arrival => {
        const atSeconds = -Math.round(random.between(number + 0.1, number + 0.9) * BEFORE_SECONDS);
        return {
          ...batch,
          atSeconds,
          durationsSeconds: durations(random),
          evaluation: drawn(jobset, random),
        };
      }),
    ),
  );
  const coming = batches
    .flatMap((batch) => (random.chance(IN_VAIN_CHANCE) ? [batch, inVainAfter(batch, random)] : [batch]))
    .toSorted((a, b) => a.atSeconds - b.atSeconds)
    .flatMap((arrival) => evaluated(arrival, jobsets, random));
  return [...before, ...coming];
}

const inVainAfter = (batch: Arrival, random: Random): Arrival => ({
  ...batch,
  atSeconds: batch.atSeconds + Math.round(random.between(0, IN_VAIN_SECONDS)),
  durationsSeconds: [],
});

const drawn = ({ name, usualSeconds }: Jobset, random: Random): NonNullable<Arrival['evaluation']> => ({
  jobset: name,
  seconds: Math.round(usualSeconds * random.between(1 - VARIANCE, 1 + VARIANCE)),
});

/** No jobset is evaluated twice at once. */
function evaluated(arrival: Arrival, jobsets: readonly Jobset[], random: Random): readonly Arrival[] {
  const jobset = random.pick(jobsets);
  const evaluation = drawn(jobset, random);
  if (arrival.atSeconds - evaluation.seconds > jobset.busyUntil) {
    jobset.busyUntil = arrival.atSeconds;
    return [{ ...arrival, evaluation }];
  }
  return arrival.durationsSeconds.length === 0 ? [] : [arrival];
}
