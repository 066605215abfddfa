/** What a trusted status says, field by field. */
import { describe, expect, test } from 'vitest';
import { parseQueueStatus } from '../../../lambdas/hydra/cpp/queue-status.ts';
import { answerOf, machine, NOW, trusted } from './answers.ts';

describe('what a trusted status says', () => {
  test('machines, kinds and jobsets may be absent, unknown fields are ignored', () => {
    const status = trusted({ machines: undefined, machineTypes: undefined, nrRunnableSteps: 0, news: [1] });
    expect(status).toMatchObject({ demand: [], runnerStartedAt: NOW - 3600, stepsFinishing: 0 });
    expect(status.machines.size).toBe(0);
    expect(trusted({ machines: null }).machines.size).toBe(0);
  });

  test('kinds: features sorted, local folded away, builtin kept, counts clamped', () => {
    const counts = { runnable: 12, running: 1 };
    const machineTypes = { 'x86_64-linux:local': counts, 'a-b:z,local,k': counts, builtin: counts };
    expect(trusted({ machineTypes }).demand).toEqual([
      { key: 'x86_64-linux:local', system: 'x86_64-linux', features: [], runnable: 9, running: 1 },
      { key: 'a-b:z,local,k', system: 'a-b', features: ['k', 'z'], runnable: 9, running: 1 },
      { key: 'builtin', system: 'builtin', features: [], runnable: 9, running: 1 },
    ]);
    expect(trusted({ machineTypes, nrRunnableSteps: undefined }).demand[0]?.runnable).toBe(12);
  });

  test('kinds no machine type can be named for are left out and shown escaped', () => {
    const counts = { runnable: 1, running: 0 };
    const odd = ['x:a b', 'x:"; rm -rf /', 'x:naïve', 'x:', ':kvm', 'x:a:b', '\u001b[2Jx', 'y'.repeat(2000)];
    const status = trusted({
      machineTypes: Object.fromEntries([...odd, 'x:kvm'].map((key) => [key, counts])),
    });
    expect(status.demand.map(({ key }) => key)).toEqual(['x:kvm']);
    expect(status.ignoredKinds).toHaveLength(odd.length);
    expect(status.ignoredKinds).toContain('x:na?ve');
    expect(status.ignoredKinds?.join('')).toMatch(/^[ -~…]*$/);
    expect(trusted()).not.toHaveProperty('ignoredKinds');
  });

  test('names of prototype members are names like any other', () => {
    const stdout = answerOf().stdout.replace(
      '"machines":{}',
      '"machines":{"__proto__":{"currentJobs":1},"toString":{"currentJobs":2}}',
    );
    const status = parseQueueStatus(answerOf({}, { stdout }));
    expect(status.trusted && [...status.machines.keys()]).toEqual(['tostring']);
    expect({}).not.toHaveProperty('currentJobs');
  });

  test('a machine without `enabled` is listed; zero times are no times', () => {
    const machines = { h: { currentJobs: 0, idleSince: 0, disabledUntil: 0, lastFailure: 0 } };
    expect(trusted({ machines }).machines.get('h')).toEqual({
      key: 'h',
      offered: true,
      currentJobs: 0,
      consecutiveFailures: 0,
    });
  });

  test('what a machine has done is told with the seconds it took, of two keys together', () => {
    const [a, b] = [
      { ...machine(), nrStepsDone: 4, totalStepTime: 90 },
      { ...machine(), nrStepsDone: 1, totalStepTime: 5 },
    ];
    const machines = { 'ssh://root@h': a, 'ssh://nix@h': b, idle: machine() };
    expect(trusted({ machines }).machines.get('h')).toMatchObject({ done: { steps: 5, seconds: 95 } });
    expect(trusted({ machines }).machines.get('idle')).not.toHaveProperty('done');
  });

  test('a machine that is unexpectedly idle and busy at once is busy', () => {
    const machines = { h: machine({ currentJobs: 1, idleSince: NOW - 9 }) };
    expect(trusted({ machines }).machines.get('h')).not.toHaveProperty('idleSince');
  });

  test('two keys of one host are merged, whichever comes first, into the busier and more troubled', () => {
    const one = machine({
      enabled: false,
      idleSince: NOW - 50,
      lastFailure: NOW - 9,
      consecutiveFailures: 2,
    });
    const two = machine({ idleSince: NOW - 20, disabledUntil: NOW + 5 });
    const both = {
      key: 'h',
      offered: true,
      currentJobs: 0,
      idleSince: NOW - 20,
      disabledUntil: NOW + 5,
      lastFailure: NOW - 9,
      consecutiveFailures: 2,
    };
    expect(trusted({ machines: { 'ssh://root@h': one, 'ssh-ng://H?x=1': two } }).machines.get('h')).toEqual(
      both,
    );
    expect(trusted({ machines: { 'ssh-ng://H?x=1': two, 'ssh://root@h': one } }).machines.get('h')).toEqual(
      both,
    );
    const busy = trusted({
      machines: { h: one, 'root@h': machine({ currentJobs: 3 }), 'x@h': machine({ currentJobs: 1 }) },
    });
    expect(busy.machines.get('h')).toMatchObject({ offered: true, currentJobs: 4 });
    expect(busy.machines.get('h')).not.toHaveProperty('idleSince');
  });

  test.each<readonly [object, number | undefined]>([
    [{ nrActiveSteps: 5 }, 2],
    [{ nrActiveSteps: 5, nrStepsCopyingFrom: 1 }, 2],
    [{ nrActiveSteps: 5, nrStepsCopyingFrom: 3 }, 3],
    [{ nrActiveSteps: 3, nrStepsCopyingFrom: 0 }, 0],
    [{ nrActiveSteps: 2, nrStepsCopyingFrom: 1 }, 1],
    [{ nrActiveSteps: 1 }, 0],
    [{ nrActiveSteps: undefined, nrStepsCopyingFrom: 4 }, 4],
    [{ nrActiveSteps: undefined }, undefined],
  ])('steps copied back, with 3 jobs on machines: %j is %s', (changes, expected) => {
    const machines = { a: machine({ currentJobs: 1 }), b: machine({ currentJobs: 2, enabled: false }) };
    expect(trusted({ machines, ...changes }).stepsFinishing).toBe(expected);
  });

  test.each([{}, { uptime: 20 }])(
    'builds that are loaded are told, if the runner counts them: %j',
    (more) => {
      const statusOf = (changes: object) => parseQueueStatus(answerOf({ ...changes, ...more }));
      expect(statusOf({ nrQueuedBuilds: 252 })).toHaveProperty('buildsQueued', 252);
      expect(statusOf({})).not.toHaveProperty('buildsQueued');
    },
  );

  test('the host system is passed on', () => {
    expect(parseQueueStatus(answerOf({}, { hostSystem: 'aarch64-linux' }))).toHaveProperty(
      'hostSystem',
      'aarch64-linux',
    );
  });
});
