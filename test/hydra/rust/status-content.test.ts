/** What is read in a status of the Rust queue runner. */
import { describe, expect, it, test } from 'vitest';
import type { RustAnswer } from '../../../lambdas/hydra/rust/answer.ts';
import { readQueueStatus } from '../../../lambdas/hydra/rust/queue-status.ts';
import { answerOf, changed } from './given.ts';

function read(answer: RustAnswer) {
  const { content } = readQueueStatus(answer);
  if (content === undefined) throw new Error('nothing was read');
  return content;
}

const machineOf = (answer: RustAnswer, key = 'i-0b1') => read(answer).machines.get(key);

describe('a machine', () => {
  it('is open while it may be given work, with its jobs and its rows in the database', () => {
    expect(machineOf(answerOf('05-running-saturated'))).toEqual({
      key: 'i-0b1',
      offered: true,
      currentJobs: 2,
      consecutiveFailures: 0,
      heardAt: expect.closeTo(answerOf('05-running-saturated').hostNow - 4) as unknown,
      busySteps: 2,
      done: { steps: 2, seconds: 41.806 },
      isFull: true,
    });
  });

  it('has done what succeeded and failed, with what that took; aborted steps have no time', () => {
    expect(machineOf(answerOf('18-unsupported-before-limit'), 'i-0b2')?.done).toEqual({
      steps: 45,
      seconds: 297.823,
    });
    expect(machineOf(answerOf('14-runner-restarted-10s'))).not.toHaveProperty('done');
  });

  it('is closed once a ping says that its gate is full, whatever it still builds', () => {
    expect(machineOf(answerOf('06-cordoned-while-building'))).toMatchObject({
      offered: false,
      currentJobs: 2,
    });
    expect(machineOf(answerOf('07-cordoned-drained'))).toMatchObject({
      offered: false,
      currentJobs: 0,
      busySteps: 0,
    });
  });

  it('is closed when its store’s disk is full', () => {
    const answer = changed('05-running-saturated', ({ machines }) => {
      Object.assign(machines['i-0b1']?.stats ?? {}, { storeFreePercent: 0.5 });
    });
    expect(machineOf(answer)?.offered).toBe(false);
  });

  it('is no place for work while it is not heard of, and may be given some all the same', () => {
    expect(machineOf(answerOf('18-unsupported-before-limit'), 'i-0b3')).toMatchObject({
      offered: true,
      isFull: true,
    });
    const silentFor = (seconds: number) =>
      changed('05-running-saturated', ({ machines }) => {
        Object.assign(machines['i-0b1'] ?? {}, { hasCapacity: true });
        Object.assign(machines['i-0b1']?.stats ?? {}, { sinceLastPing: seconds });
      });
    expect(machineOf(silentFor(45))?.isFull).toBeUndefined();
    expect(machineOf(silentFor(61))).toMatchObject({ offered: true, isFull: true });
  });

  it('was heard of when it joined, until its first ping', () => {
    const answer = changed('05-running-saturated', ({ machines }) => {
      Object.assign(machines['i-0b1'] ?? {}, { uptime: 2 });
      Object.assign(machines['i-0b1']?.stats ?? {}, { lastPing: 0, sinceLastPing: 1_795_825_662 });
    });
    expect(machineOf(answer)?.heardAt).toBeCloseTo(answer.hostNow - 2);
  });

  it.each([
    [2, 0, undefined],
    [3, 0, true],
    [11, 1, undefined],
    [12, 1, true],
  ])('with %i failures in a row and %i successes is no good: %s', (failures, successes, isFailing) => {
    const answer = changed('05-running-saturated', ({ machines }) => {
      Object.assign(machines['i-0b1']?.stats ?? {}, {
        consecutiveFailures: failures,
        succeededBuilds: successes,
        totalStepBuildTimeMs: 300,
      });
    });
    expect(machineOf(answer)?.isFailing).toBe(isFailing);
  });

  it.each([
    [3, -1, true],
    [2, -1, undefined],
    [3, -60, undefined],
  ])('that could not even begin %i steps, the last one %i s ago, is no good: %s', (steps, ago, isFailing) => {
    const answer = changed('05-running-saturated', ({ machines }) => {
      Object.assign(machines['i-0b1'] ?? {}, { uptime: 30 });
    });
    const spoilt = new Map([['i-0b1', { steps, lastAt: answer.hostNow + ago }]]);
    expect(machineOf({ ...answer, spoilt })?.isFailing).toBe(isFailing);
  });

  it('is good for builds that fail by themselves, which take their time', () => {
    const answer = changed('05-running-saturated', ({ machines }) => {
      Object.assign(machines['i-0b1']?.stats ?? {}, {
        consecutiveFailures: 5,
        succeededBuilds: 0,
        totalStepBuildTimeMs: 90_000,
      });
    });
    expect(machineOf(answer)?.isFailing).toBeUndefined();
  });

  it.each(['i-0b1.eu-central-1.compute.internal', 'i-0b1'])(
    'called %s is known by its instance id',
    (hostname) => {
      const answer = changed('05-running-saturated', ({ machines }) => {
        Object.assign(machines['i-0b1'] ?? {}, { hostname });
      });
      expect(machineOf({ ...answer, busy: new Map([[hostname, 2]]) })).toMatchObject({ busySteps: 2 });
    },
  );

  it('of others keeps its own name', () => {
    const answer = changed('05-running-saturated', ({ machines }) => {
      Object.assign(machines['i-0b1'] ?? {}, { hostname: 'mac-1.example.org' });
    });
    expect([...read(answer).machines.keys()]).toEqual(['mac-1.example.org']);
  });
});

test('outputs on their way back hold their slots', () => {
  expect(machineOf(answerOf('15-copying-back-big-outputs'), 'i-0b2')).toMatchObject({
    currentJobs: 3,
    busySteps: 3,
  });
});

describe('a slot that is held by a step which is over', () => {
  const { machines, troubles } = read(answerOf('26-slots-held-after-database'));

  it('is no work, and neither is its row in the database', () => {
    expect(machines.get('i-08b89e9a2a639afb9')).toMatchObject({ currentJobs: 0, busySteps: 0, isFull: true });
    expect(machines.get('i-008c5a1bd816c1bda')).toMatchObject({ currentJobs: 1, busySteps: 1, isFull: true });
  });

  it('makes a machine useless when it has no other one', () => {
    const useless = [...machines.values()].flatMap(({ key, isUseless }) => (isUseless ? [key] : []));
    expect(useless.toSorted()).toEqual(['i-08b89e9a2a639afb9', 'i-0c470a209be43738b', 'i-0d3d8c0c3a150cda0']);
  });

  it('is told', () => {
    expect(troubles.map(({ says }) => says)).toEqual([
      expect.stringMatching(
        /^10 slots are held by steps that are over, on i-0.*: the queue runner could not/,
      ),
    ]);
  });
});

test('steps on machines that are gone are told, and are not running', () => {
  const { troubles, demand } = read(answerOf('18-unsupported-before-limit'));
  expect(troubles).toEqual([
    {
      says: expect.stringMatching(/^12 steps hang on machines .*: i-0mid.* and 7 more$/) as unknown,
      remedy: expect.stringContaining('restart the queue runner at a quiet moment') as unknown,
    },
  ]);
  // 18 are scheduled, and 7 of them on machines that are there; of one of those no row is left.
  expect(demand).toMatchObject([{ key: 'x86_64-linux', running: 6 }]);
  expect(read(answerOf('05-running-saturated')).troubles).toEqual([]);
});

test('steps are counted by kind, and odd names are left out', () => {
  const step = { runnable: 1, running: 0 };
  const { demand, ignoredKinds } = read(
    answerOf('05-running-saturated', {
      demand: [
        { system: 'x86_64-linux', features: ['kvm', 'nixos-test'], ...step },
        { system: 'x86_64-linux', features: [], ...step },
        { system: 'x86_64-linux', features: ['a b'], ...step },
      ],
    }),
  );
  expect(demand.map(({ key }) => key)).toEqual(['x86_64-linux', 'x86_64-linux:kvm,nixos-test']);
  expect(ignoredKinds).toEqual(['x86_64-linux:a b']);
});

test('steps that could not be told apart by their features are a trouble, with its reason', () => {
  const { troubles } = read(
    answerOf('05-running-saturated', { kinds: { by: 'systems', why: 'it took more than 8 s' } }),
  );
  expect(troubles[0]?.says).toContain('it took more than 8 s');
});
