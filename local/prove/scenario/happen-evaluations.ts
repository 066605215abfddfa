/** Evaluations of a story, from their begin to the builds they bring. */
import type { World } from '../../world/world.ts';
import type { WorldEvent } from './events.ts';

/** One begins now; a jobset that is being evaluated is not evaluated twice at once. */
export function evaluate(
  world: World,
  { jobset, seconds, builds }: Extract<WorldEvent, { do: 'evaluate' }>,
): void {
  if (seconds === undefined) {
    world.evaluations.begin(jobset);
    return;
  }
  const end = { atSeconds: seconds, evaluation: { jobset, seconds } };
  const brought = builds.map(({ count, system, features, seconds: each }) => ({
    ...{ ...end, system, features },
    durationsSeconds: Array.from({ length: count }, () => each),
  }));
  const nothing = { ...end, system: '', features: [], durationsSeconds: [] };
  world.schedule(brought.length === 0 ? [nothing] : brought);
}
