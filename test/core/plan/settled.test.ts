/** Whether another round before the next tick is of any use. */
import { describe, expect, it } from 'vitest';
import type { Drain, Machine, Observation } from '../../../lambdas/core/model/index.ts';
import {
  ADDRESS,
  HOST_KEY,
  LINUX,
  NOW,
  aBootingMachine,
  aConfig,
  aLaunch,
  aMachine,
  aQueueMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  planFor,
  sightingAt,
  untrusted,
} from '../given.ts';

const NEEDED = aConfig([aType(LINUX, { minMachines: 1 })]);
const gone = aQueueMachine({ offered: false });
const drain: Drain = { since: NOW - 100, reason: 'not needed', withdrawn: sightingAt(NOW - 50) };
const draining = (changed: Partial<Machine> = {}) => aMachine({ phase: 'draining', drain, ...changed });
const withStatus = (machines = [gone]): Partial<Observation> => ({ queue: aStatus({ machines }) });

const settled = (
  machines: readonly Machine[],
  seen: Partial<Observation> = {},
  config = aConfig(),
): boolean =>
  planFor(anObservation({ machines, instances: machines.length > 0 ? [anInstance()] : [], ...seen }), config)
    .settled;

describe('a farm is settled', () => {
  it.each([
    ['nothing is there and nothing is needed', settled([])],
    ['a ready machine is needed', settled([aMachine()], {}, NEEDED)],
    ['nobody can be asked', settled([aMachine()], { queue: untrusted() })],
    ['a draining machine is busy', settled([draining()], withStatus([{ ...gone, currentJobs: 2 }]))],
    ['a draining machine is unknown to the runner', settled([draining()])],
    [
      'a draining machine waits for a status that can be trusted',
      settled([draining()], { queue: untrusted() }),
    ],
    [
      'a drained machine waits for the end of its paid hour',
      settled(
        [
          draining({
            billing: 'hourly',
            drain: {
              ...drain,
              knownWithdrawn: sightingAt(NOW - 40),
              quiet: sightingAt(NOW - 35),
              clear: sightingAt(NOW - 35),
            },
          }),
        ],
        { ...withStatus(), instances: [anInstance({ startedAt: NOW - 3600 + 500 })] },
      ),
    ],
  ])('when %s', (_when, isSettled) => {
    expect(isSettled).toBe(true);
  });
});

describe('a farm moves', () => {
  it.each([
    ['something is launched', settled([], {}, NEEDED)],
    ['a machine boots', settled([aBootingMachine({ address: ADDRESS, identity: HOST_KEY })], {}, NEEDED)],
    ['a machine begins to drain', settled([aMachine()], withStatus([aQueueMachine()]))],
    ['a draining machine is idle', settled([draining()], withStatus())],
    ['a machine is terminated', settled([aMachine({ phase: 'terminating' })])],
    ['a machine is doubted', settled([aMachine({ unreachableSince: NOW - 5 })], {}, NEEDED)],
    ['the queue runner comes up', settled([], { queue: untrusted({ cause: 'restarted' }) })],
    [
      'a busy draining machine could outlive its paid hour',
      settled([draining({ billing: 'hourly' })], {
        ...withStatus([{ ...gone, currentJobs: 2 }]),
        instances: [anInstance({ startedAt: NOW - 3600 + 500 })],
      }),
    ],
    [
      'the runner restarted during a drain and its quiet is to be seen twice',
      settled([draining()], { queue: aStatus({ runnerStartedAt: NOW - 20 }) }),
    ],
  ])('while %s', (_while, isSettled) => {
    expect(isSettled).toBe(false);
  });
  it('while a launch has no answer', () => {
    expect(planFor(anObservation({ launches: [aLaunch()] })).settled).toBe(false);
  });
});
