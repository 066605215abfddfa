/** Lets a workload arrive: evaluations begin, end, and queue what they bring. */
import type { Brought, Evaluations } from './hydra/evaluations.ts';
import type { HydraRunner } from './hydra/hydra.ts';
import type { Timeline } from './timeline.ts';
import type { Arrival, Workload } from './workload.ts';

/** The parts of the world that a workload has to do with. */
interface Receiving {
  readonly timeline: Timeline;
  readonly evaluations: Evaluations;
  readonly runner: HydraRunner;
}

/** What arrives at one instant from one evaluation, or unannounced. */
type Batch = readonly [Arrival, ...Arrival[]];

/** Its seconds count from now. */
export function scheduleArrivals(world: Receiving, workload: Workload): void {
  const { timeline, evaluations } = world;
  const start = timeline.now;
  for (const batch of batchesOf(workload)) {
    const [{ atSeconds, evaluation }] = batch;
    if (atSeconds < 0) {
      if (evaluation === undefined) continue;
      const { jobset, seconds } = evaluation;
      evaluations.remember(jobset, { at: Math.floor(start + atSeconds), seconds, kinds: broughtBy(batch) });
      continue;
    }
    if (evaluation !== undefined)
      timeline.schedule(start + Math.max(0, atSeconds - evaluation.seconds), () => {
        evaluations.begin(evaluation.jobset);
      });
    timeline.schedule(start + atSeconds, () => {
      if (evaluation !== undefined) evaluations.end(evaluation.jobset, broughtBy(batch));
      for (const arrival of batch) queue(world, arrival);
    });
  }
}

/** In order of time, so that what came before the start is remembered in its order. */
function batchesOf(workload: Workload): readonly Batch[] {
  const byOrigin = Map.groupBy(workload, (arrival) =>
    arrival.evaluation === undefined ? arrival : `${arrival.atSeconds} ${arrival.evaluation.jobset}`,
  );
  return [...byOrigin.values()]
    .flatMap(([first, ...others]): Batch[] => (first === undefined ? [] : [[first, ...others]]))
    .toSorted(([a], [b]) => a.atSeconds - b.atSeconds);
}

const broughtBy = (batch: Batch): Brought =>
  batch.flatMap(({ system, features, durationsSeconds: { length } }) =>
    length === 0 ? [] : [{ system, features, builds: length }],
  );

function queue({ runner }: Receiving, arrival: Arrival): void {
  const { durationsSeconds, outputMiB = 0, failing = 0, system, features, preferLocal } = arrival;
  if (durationsSeconds.length === 0) return;
  const kind = { system, features, ...(preferLocal !== undefined && { preferLocal }) };
  runner.queue(
    ...durationsSeconds.map((seconds, index) => ({
      count: 1,
      ...kind,
      seconds,
      outputMiB,
      fail: index < failing,
    })),
  );
}
