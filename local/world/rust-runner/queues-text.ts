import type { Random } from '../random.ts';
import { Float } from '../hydra/float.ts';
import type { RustContext } from './context.ts';
import { instantText, writeOrdered, type OrderedJson } from './ordered-json.ts';
import type { RustStep } from './machine.ts';

/** The schema's default of a build's own priority. */
const LOCAL_PRIORITY = 100;

/** The members of a hash table in an order of their own at each look. */
export const shuffled = <T>(items: Iterable<T>, order: Random): T[] => {
  const drawn = [...items].map((item) => ({ item, draw: order.next() }));
  return drawn.sort((a, b) => a.draw - b.draw).map(({ item }) => item);
};

const stepOf = (step: RustStep, isOver: boolean, shareUsed: number): OrderedJson => ({
  drvPath: step.drv,
  alreadyScheduled: step.job !== undefined,
  runnable: true,
  finished: isOver,
  cancelled: step.cancelled,
  runnableSince: instantText(step.runnableAt),
  tries: step.tries,
  lowestShareUsed: new Float(shareUsed),
  highestGlobalPriority: step.build.globalPriority,
  highestLocalPriority: LOCAL_PRIORITY,
  lowestBuildId: step.build.id,
});

/** The answer to `GET /status/queues`. */
export const queuesText = ({ jobsets, queues, steps }: RustContext, order: Random): string => {
  const bySystem = shuffled(queues.all(), order).map((queue): [string, OrderedJson] => [
    queue.system,
    queue.steps.map((step) => stepOf(step, steps.isOver(step), jobsets.shareUsed(step.build.jobset))),
  ]);
  return writeOrdered({ queues: Object.fromEntries(bySystem) });
};
