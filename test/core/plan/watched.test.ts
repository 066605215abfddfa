/** What is waited for between two ticks: what would make another plan, and nothing else. */
import { describe, expect, it } from 'vitest';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { Observation } from '../../../lambdas/core/model/index.ts';
import { watchedFor } from '../../../lambdas/core/plan/watched.ts';
import type { Watched } from '../../../lambdas/core/plan/watched.ts';
import { cppLife } from '../../../lambdas/hydra/cpp/life/life.ts';
import {
  ADDRESS,
  LINUX,
  NOW,
  aConfig,
  aMachine,
  aQueueMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  lacking,
  planFor,
  sightingAt,
  steps,
  untrusted,
} from '../given.ts';

const watchedOf = (observation: Observation, config: Config = aConfig()): Watched | undefined =>
  watchedFor(cppLife, config, { observation, plan: planFor(observation, config) });

/** The most steps of each kind that are no news. */
const limits = (observation: Observation, config?: Config): readonly (readonly [string, number])[] =>
  watchedOf(observation, config)?.kinds.map(({ step, most }) => [step.key, most] as const) ?? [];

const queued = (...demand: Parameters<typeof steps>[]): Observation =>
  anObservation({ queue: aStatus({ demand: demand.map((one) => steps(...one)) }) });

describe('runnable steps', () => {
  it('are news as soon as they call for a machine', () => {
    expect(limits(queued([LINUX, 0]))).toEqual([[LINUX, 0]]);
    const five = aConfig([aType(LINUX, { runnablesPerMachine: 5, gracePeriod: 0 })]);
    expect(limits(queued([LINUX, 3]), five)).toEqual([[LINUX, 5]]);
    expect(limits(queued([LINUX, 0]), five)).toEqual([[LINUX, 0]]);
    const ignored = aConfig([aType(LINUX, { runnablesPerMachine: 5, ignoredRunnables: 8, gracePeriod: 0 })]);
    expect(limits(queued([LINUX, 0]), ignored)).toEqual([[LINUX, 8]]);
  });

  it('are no news, however many, where no machine can be had for them', () => {
    const one = aConfig([aType(LINUX, { maxMachines: 1 })]);
    expect(limits(queued([LINUX, 5], ['riscv64-linux', 2]), one)).toEqual([
      [LINUX, Infinity],
      ['riscv64-linux', Infinity],
    ]);
  });

  it('of a kind are told from those of the others', () => {
    const config = aConfig([aType(LINUX, { maxMachines: 1 }), aType('aarch64-linux')]);
    expect(limits(queued([LINUX, 1], ['aarch64-linux', 1], [`${LINUX}:kvm`, 1]), config)).toEqual([
      [LINUX, Infinity],
      ['aarch64-linux', 1],
      [`${LINUX}:kvm`, Infinity],
    ]);
  });
});

describe('machines', () => {
  const busy = aQueueMachine({ currentJobs: 1 });
  const withMachine = (changed: Parameters<typeof aMachine>[0], seen = busy): Observation =>
    anObservation({
      queue: aStatus({ machines: [seen], demand: [steps(LINUX, 0, 1)] }),
      machines: [aMachine(changed)],
      instances: [anInstance()],
    });
  const atOnce = aConfig([aType(LINUX, { gracePeriod: 0 })]);

  it('that would end with their last job are awaited', () => {
    expect(watchedOf(withMachine({}), atOnce)?.quiet).toEqual([ADDRESS]);
    const drain = { since: NOW - 100, reason: 'not needed', withdrawn: sightingAt(NOW - 50) };
    const gone = aQueueMachine({ offered: false, currentJobs: 2 });
    expect(watchedOf(withMachine({ phase: 'draining', drain }, gone), atOnce)?.quiet).toEqual([ADDRESS]);
  });

  it('that would be kept without a job are not awaited', () => {
    const patient = aConfig([aType(LINUX, { gracePeriod: 600 })]);
    expect(watchedOf(withMachine({}), patient)?.quiet).toEqual([]);
    const needed = aConfig([aType(LINUX, { gracePeriod: 0, minMachines: 1 })]);
    expect(watchedOf(withMachine({}), needed)?.quiet).toEqual([]);
    const idle = aQueueMachine();
    expect(watchedOf(withMachine({}, idle), atOnce)?.quiet).toEqual([]);
  });

  it('of ours that may build are news when one fails', () => {
    expect(watchedOf(withMachine({}))?.failing).toEqual([ADDRESS]);
    const stranger = anObservation({ queue: aStatus({ machines: [busy] }) });
    expect(watchedOf(stranger)?.failing).toEqual([]);
  });
});

describe('what the queue runner tells', () => {
  it('is compared with what the plan was made from', () => {
    const observation = anObservation({ queue: aStatus({ at: NOW - 3, stepsUnsupported: 2 }) });
    expect(watchedOf(observation)).toMatchObject({ runner: 'cpp', since: NOW - 3, unsupported: 2 });
    const silent = anObservation({ queue: lacking(aStatus(), 'stepsUnsupported') });
    expect(watchedOf(silent)).not.toHaveProperty('unsupported');
  });

  it('is compared with nothing where it cannot be trusted', () => {
    expect(watchedOf(anObservation({ queue: untrusted() }))).toBeUndefined();
  });

  it('is waited for too eagerly rather than planned for too long', () => {
    const kinds = Array.from({ length: 300 }, (_, n) => [`${LINUX}:f${n}`, 0] as Parameters<typeof steps>);
    const most = limits(queued(...kinds)).map(([, limit]) => limit);
    expect(most).toHaveLength(300);
    expect(most.slice(0, 100)).toEqual(Array<number>(100).fill(Infinity));
    expect(most.slice(-50)).toEqual(Array<number>(50).fill(0));
  });
});
