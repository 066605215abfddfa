/** Whether it is noticed that the queue runner does not read our file, and only then. */
import { describe, expect, it } from 'vitest';
import type { Instance, Machine, Observation, QueueMachine } from '../../../../lambdas/core/model/index.ts';
import { problemInWords } from '../../../../lambdas/core/reason/problem.ts';
import { contextOf } from '../../../../lambdas/core/plan/context.ts';
import { cppLife } from '../../../../lambdas/hydra/cpp/life/life.ts';
import { unreadFile } from '../../../../lambdas/hydra/cpp/life/unread.ts';
import {
  NOW,
  aConfig,
  aMachine,
  aQueueMachine,
  aStatus,
  anInstance,
  anObservation,
  lacking,
  sightingAt,
  untrusted,
} from '../../../core/given.ts';

interface Given {
  readonly machine: Machine;
  readonly seen?: Partial<QueueMachine> | undefined;
  readonly instance?: Partial<Instance>;
}

const at = (n: number): { instanceId: string; address: string } => ({
  instanceId: `i-0000000${n}`,
  address: `10.0.0.${n}`,
});
/** Put in so many seconds ago, and never shown. */
const put = (n: number, seconds: number, changed: Partial<Machine> = {}): Machine => ({
  ...lacking(aMachine({ ...at(n), offered: sightingAt(NOW - seconds) }), 'seenOffered'),
  ...changed,
});
/** Taken out so many seconds ago. */
const taken = (n: number, seconds: number, changed: Partial<Machine> = {}): Machine => ({
  ...lacking(aMachine({ ...at(n), phase: 'draining' }), 'offered'),
  drain: { since: NOW - seconds - 5, reason: 'not needed', withdrawn: sightingAt(NOW - seconds) },
  ...changed,
});

const FILE = { digest: 'a'.repeat(64), seen: sightingAt(NOW) };

function told(given: readonly Given[], status = {}, more: Partial<Observation> = {}): string | undefined {
  const shown = given.flatMap(({ machine: { address = '' }, seen }) =>
    seen === undefined ? [] : [aQueueMachine({ key: address, ...seen })],
  );
  const queue = aStatus({ machines: shown, ...status });
  const context = contextOf(cppLife, aConfig(), anObservation({ offer: FILE, queue, ...more }));
  const planned = given.map(({ machine, instance }) => ({
    machine,
    instance: anInstance({ ...at(1), instanceId: machine.instanceId, ...instance }),
    seen: context.status?.machines.get(machine.address ?? ''),
    type: undefined,
  }));
  const unread = unreadFile(context, planned);
  return unread && problemInWords(unread);
}

const LISTED = { offered: true };
const DROPPED = { offered: false };

describe('a file that is not read', () => {
  it('is told with its cause and its remedy', () => {
    expect(told([{ machine: put(1, 130) }])).toMatch(
      /does not list i-00000001 at 10\.0\.0\.1, which was put in over 2 min ago; after one malformed line.*Remedy: .*log.*doctor/,
    );
    expect(told([{ machine: taken(2, 140), seen: LISTED }])).toContain(
      'still lists i-00000002 at 10.0.0.2, which was taken out over 2 min ago',
    );
  });
  it('is told by what was asked for so late, not by what was heard so late', () => {
    const heard = (askedAt: number) => told([{ machine: put(1, 130) }], {}, { askedAt });
    expect(heard(NOW - 11)).toBeUndefined();
    expect(heard(NOW - 10)).toContain('does not list i-00000001');
  });
  it('is told by the oldest change, and how many more there are', () => {
    const both = [
      { machine: put(1, 130) },
      { machine: taken(2, 150), seen: LISTED },
      { machine: put(3, 20) },
    ];
    expect(told(both)).toContain(
      'i-00000002 at 10.0.0.2, which was taken out over 2 min ago (and 1 more like it)',
    );
  });
  it.each<readonly [string, readonly Given[], object]>([
    ['its predecessor at that address is still known', [{ machine: put(1, 130), seen: DROPPED }], {}],
    [
      'the runner restarted, and shows nobody any more',
      [{ machine: aMachine(at(1)) }],
      { runnerStartedAt: NOW - 120 },
    ],
    [
      'who was listed before is shown, and that is old news',
      [{ machine: put(1, 130) }, { machine: aMachine(at(2)), seen: LISTED }],
      {},
    ],
    [
      'somebody was dropped before that',
      [{ machine: put(1, 130) }, { machine: taken(2, 131), seen: DROPPED }],
      {},
    ],
    [
      'somebody who was never shown is not shown as listed',
      [{ machine: put(1, 130) }, { machine: lacking(taken(2, 125), 'seenOffered'), seen: DROPPED }],
      {},
    ],
  ])('is noticed when %s', (_when, given, status) => {
    expect(told(given, status)).toContain('does not read our machines file');
  });
});

describe('a file that is read, or may be,', () => {
  it.each<readonly [string, readonly Given[], object]>([
    ['the line is young', [{ machine: put(1, 119) }], {}],
    ['the line left lately', [{ machine: taken(1, 119), seen: LISTED }], {}],
    ['all is as it should be', [{ machine: put(1, 500), seen: LISTED }], {}],
    ['a machine is disabled', [{ machine: put(1, 500), seen: { ...LISTED, disabledUntil: NOW + 60 } }], {}],
    ['the runner restarted lately', [{ machine: put(1, 500) }], { runnerStartedAt: NOW - 119 }],
    [
      'the runner has read a file since its start',
      [{ machine: put(1, 500) }, { machine: aMachine(at(2)), seen: LISTED }],
      { runnerStartedAt: NOW - 400 },
    ],
    ['a line was read, and others took it out', [{ machine: aMachine(at(1)), seen: DROPPED }], {}],
    [
      'the runner restarted after the line had left',
      [{ machine: taken(1, 500), seen: LISTED }],
      { runnerStartedAt: NOW - 400 },
    ],
    [
      'the address belongs to another one now',
      [
        { machine: taken(1, 500), seen: LISTED },
        { machine: put(2, 90, { address: '10.0.0.1' }), seen: LISTED },
      ],
      {},
    ],
    [
      'a younger machine was read',
      [{ machine: put(1, 500) }, { machine: put(2, 40), seen: LISTED, instance: { startedAt: NOW - 300 } }],
      {},
    ],
    ['a younger change was read', [{ machine: put(1, 500) }, { machine: taken(2, 400), seen: DROPPED }], {}],
    [
      'nobody was listed yet',
      [
        { machine: lacking(put(1, 500), 'offered') },
        { machine: lacking(taken(2, 500), 'drain'), seen: LISTED },
      ],
      {},
    ],
    ['it boots, and was listed in a former life', [{ machine: put(1, 500, { phase: 'booting' }) }], {}],
  ])('is no problem: %s', (_when, given, status) => {
    expect(told(given, status)).toBeUndefined();
  });
  it('is no problem by one clock alone', () => {
    expect(told([{ machine: put(1, 0, { offered: { at: NOW - 20, hostAt: NOW - 500 } }) }])).toBeUndefined();
    expect(told([{ machine: put(1, 0, { offered: { at: NOW - 500, hostAt: NOW - 20 } }) }])).toBeUndefined();
  });
  it('is not judged without a trusted status, nor when it is not there', () => {
    const given = [{ machine: put(1, 500) }];
    expect(told(given, {}, { queue: untrusted() })).toBeUndefined();
    const queue = aStatus();
    const context = contextOf(cppLife, aConfig(), anObservation({ queue }));
    const planned = { machine: put(1, 500), instance: anInstance(), seen: undefined, type: undefined };
    expect(unreadFile(context, [planned])).toBeUndefined();
  });
});
