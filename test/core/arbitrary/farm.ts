/** Arbitrary farms for properties of plans: everything remembered and everything seen, whether it fits or not. */
import * as fc from 'fast-check';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { Observation, Readiness } from '../../../lambdas/core/model/index.ts';
import { IDS, KEY, NOW, TEMPLATES } from './basics.ts';
import { arbitraryConfig } from './config.ts';
import { arbitraryInstance } from './machines.ts';
import { arbitraryQueue } from './queue.ts';
import { arbitraryState } from './state.ts';

const probe: fc.Arbitrary<Readiness> = fc.record({
  instanceId: fc.constantFrom(...IDS),
  reached: fc.boolean(),
  detail: fc.constantFrom('', 'no route'),
});

const arbitraryObservation: fc.Arbitrary<Observation> = fc
  .integer({ min: -600, max: 600 })
  .chain((skew) =>
    fc.record({
      now: fc.constant(NOW),
      state: arbitraryState(skew),
      instances: fc
        .oneof(fc.constant(IDS), fc.subarray([...IDS]))
        .chain((ids) => fc.tuple(...ids.map(arbitraryInstance))),
      queue: arbitraryQueue(skew),
      readiness: fc.uniqueArray(probe, { selector: ({ instanceId }) => instanceId, maxLength: 6 }),
      identities: fc.subarray(IDS).map((ids) => new Map(ids.map((id) => [id, KEY]))),
      storeUse: fc
        .subarray(IDS)
        .chain((ids) =>
          fc
            .array(fc.constantFrom('quiet', 'serving'), { minLength: ids.length, maxLength: ids.length })
            .map((uses) => new Map(ids.map((id, index) => [id, uses[index] ?? 'serving'] as const))),
        ),
      denied: fc.subarray(IDS).map((ids) => new Set(ids)),
      problems: fc.constant([]),
      templates: fc.subarray(TEMPLATES).map((ids) => ids.map((id) => ({ name: `of ${id}`, id }))),
      unreadable: fc.subarray(IDS, { maxLength: 2 }),
    }),
  )
  .map(({ unreadable, ...observation }) => withUnreadable(hidden(observation), unreadable))
  .chain((observation) =>
    fc
      .constantFrom(undefined, 'cpp', 'cpp', 'rust', 'rust')
      .map((runner) => (runner === undefined ? observation : { ...observation, runner })),
  );

/** What EC2 shows it does not deny, and only machines are asked for. */
function hidden(observation: Observation): Observation {
  const shown = new Set(observation.instances.map(({ instanceId }) => instanceId));
  const known = new Set(observation.state.machines.map(({ instanceId }) => instanceId));
  const denied = [...observation.denied].filter((id) => known.has(id) && !shown.has(id));
  return { ...observation, denied: new Set(denied) };
}

/** An id is either a machine's or an unreadable record's. */
function withUnreadable(observation: Observation, ids: readonly string[]): Observation {
  const known = new Set(observation.state.machines.map(({ instanceId }) => instanceId));
  const unreadable = ids
    .filter((id) => !known.has(id))
    .map((instanceId) => ({ key: `machine#${instanceId}`, instanceId, problem: 'phase: not known' }));
  return unreadable.length === 0
    ? observation
    : { ...observation, state: { ...observation.state, unreadable } };
}

export interface Farmed {
  readonly config: Config;
  readonly observation: Observation;
}

export const arbitraryFarm: fc.Arbitrary<Farmed> = fc.record({
  config: arbitraryConfig,
  observation: arbitraryObservation,
});
