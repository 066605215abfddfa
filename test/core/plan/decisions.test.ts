/** A reason for everything, also for nothing. */
import { describe, expect, it } from 'vitest';
import * as told from '../../../lambdas/core/reason/words/index.ts';
import type { Farm, Machine, Observation, QueueStatus } from '../../../lambdas/core/model/index.ts';
import {
  LINUX,
  NOW,
  TEMPLATE,
  aConfig,
  aMachine,
  aQueueMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  lacking,
  planFor,
  saidOf,
  sightingAt,
  steps,
  untrusted,
} from '../given.ts';

const ID = 'i-00000001';
const say = (parts: Parameters<typeof anObservation>[0], subject: string, config = aConfig()): string =>
  saidOf(planFor(anObservation(parts), config), subject);
const ofMachine = (machine: Machine, seen: Partial<Observation> = {}): string =>
  say(
    { machines: [machine], instances: [anInstance()], ...seen },
    ID,
    aConfig([aType(LINUX, { minMachines: 1 })]),
  );

describe('of a type', () => {
  it.each([
    [
      'nothing is said too',
      {},
      `keep 0: ${told.demand({ runnable: 0, ignored: 0, perMachine: 1, wanted: 0 })}; ${told.phases([])}`,
    ],
    [
      'the launches are counted',
      { queue: aStatus({ demand: [steps(LINUX, 2)] }) },
      `launch 2: ${told.demand({ runnable: 2, ignored: 0, perMachine: 1, wanted: 2 })}; ${told.phases([])}`,
    ],
    [
      'the machines are counted by phase',
      { machines: [aMachine()], instances: [anInstance()], queue: aStatus({ demand: [steps(LINUX, 1)] }) },
      '1 ready',
    ],
    [
      'the trouble with the status is told',
      { queue: untrusted() },
      told.untrusted({ says: 'the Hydra host cannot be asked' }),
    ],
  ])('%s', (_what, parts, words) => {
    expect(say(parts, LINUX)).toContain(words);
  });
  it('starts are told beside launches', () => {
    const parts = {
      machines: [aMachine({ phase: 'stopped' as const })],
      instances: [anInstance({ state: 'stopped' })],
      queue: aStatus({ demand: [steps(LINUX, 2)] }),
    };
    expect(say(parts, LINUX)).toContain('launch 1, start 1');
  });
});

describe('of steps that no type covers', () => {
  it('it is said what to add', () => {
    const queue = aStatus({ demand: [steps('riscv64-linux:kvm', 4)] });
    expect(say({ queue }, 'riscv64-linux:kvm')).toBe(
      `not covered: ${told.uncovered(4, 'riscv64-linux:kvm')}`,
    );
  });
});

describe('of a machine', () => {
  const seen = withSeen(aQueueMachine({ currentJobs: 1 }));
  it.each([
    ['its slots', aMachine(), seen, told.slotsBusy(1, 1)],
    ['its paid time', aMachine({ billing: 'hourly' }), seen, told.paidFor(1800)],
    ['that it is not shown yet', aMachine({ offered: sightingAt(NOW - 119) }), {}, told.notShownYet],
    [
      'what may be wrong when it is not shown',
      aMachine({ offered: sightingAt(NOW - 120) }),
      {},
      'NIX_REMOTE_SYSTEMS',
    ],
    ['why it is not offered', lacking(aMachine(), 'identity'), seen, told.notOffered('its SSH host key')],
  ])('%s', (_what, machine, parts, words) => {
    expect(ofMachine(machine, parts)).toContain(words);
  });
  it('that is gone, why', () => {
    expect(say({ machines: [aMachine()], instances: [anInstance({ state: 'terminated' })] }, ID)).toBe(
      `gone: ${told.terminatedByOthers(undefined)}`,
    );
  });
});

function withSeen(machine: ReturnType<typeof aQueueMachine>): Partial<Observation> {
  return { queue: aStatus({ machines: [machine] }) };
}

describe('the farm', () => {
  const farmAfter = (farm: Farm, queue: QueueStatus = aStatus()): Farm =>
    planFor(anObservation({ farm, queue })).farm;
  it('remembers when it was last trusted, and since when it has not been', () => {
    const blind = farmAfter({ backOffs: [], lastTrustedAt: NOW - 300 }, untrusted());
    expect(blind).toMatchObject({ lastTrustedAt: NOW - 300, untrustedSince: NOW, lastTickAt: NOW });
    expect(farmAfter({ ...blind, untrustedSince: NOW - 60 }, untrusted()).untrustedSince).toBe(NOW - 60);
    expect(farmAfter(blind)).toEqual({
      lastTrustedAt: NOW,
      lastTickAt: NOW,
      backOffs: [],
      hasOffered: false,
      templates: [TEMPLATE],
    });
  });
});
