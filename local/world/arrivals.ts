/** Lets a workload arrive: evaluations begin, end, and queue what they bring. */
import type { Evaluations } from './hydra/evaluations.ts';
import type { HydraRunner } from './hydra/hydra.ts';
import type { Timeline } from './timeline.ts';
import type { Arrival, Workload } from './workload.ts';

/** The parts of the world that a workload has to do with. */
interface Receiving {
  readonly timeline: Timeline;
  readonly evaluations: Evaluations;
  readonly runner: HydraRunner;
}

/** Its seconds count from now. */
export function scheduleArrivals(world: Receiving, workload: Workload): void {
  const { timeline, evaluations } = world;
  const start = timeline.now;
  for (const arrival of workload) {
    const { atSeconds, evaluation } = arrival;
    if (evaluation !== undefined)
      timeline.schedule(start + Math.max(0, atSeconds - evaluation.seconds), () => {
        evaluations.begin(evaluation.jobset);
      });
    timeline.schedule(start + atSeconds, () => {
      arrive(world, arrival);
    });
  }
}

function arrive({ runner, evaluations }: Receiving, arrival: Arrival): void {
  const { durationsSeconds, outputMiB = 0, failing = 0, evaluation, ...rest } = arrival;
  const { system, features, preferLocal } = rest;
  const kind = { system, features, ...(preferLocal !== undefined && { preferLocal }) };
  if (evaluation !== undefined)
    evaluations.end(evaluation.jobset, [{ system, features, builds: durationsSeconds.length }]);
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
