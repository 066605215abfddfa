import { describe, expect, it } from 'vitest';
import type { BuildBatch } from '../../../local/world/hydra/builds.ts';
import { TestHost } from './host.ts';

const machinesOf = (host: TestHost): string[] => host.started.map((start) => start.split(' ')[1] ?? '');
const tagsOf = (host: TestHost): string[] => host.started.map((start) => start.replace(/-\d+ .*/, ''));

describe('the next machine', () => {
  it.each<[string, string[], string[]]>([
    ['is the least loaded one', ['a x86_64-linux - 4', 'b x86_64-linux - 4'], ['a', 'b', 'a', 'b']],
    [
      'is the faster one of two equally loaded',
      ['a x86_64-linux - 4 1', 'b x86_64-linux - 4 2'],
      ['b', 'a', 'b', 'b'],
    ],
    ['carries load by its speed', ['a x86_64-linux - 4 1', 'b x86_64-linux - 4 4'], ['b', 'b', 'a', 'b']],
    ['is one with a free slot', ['a x86_64-linux - 1', 'b x86_64-linux - 4'], ['a', 'b', 'b', 'b']],
    ['is never a placeholder', ['a x86_64-linux - 0 9', 'b x86_64-linux - 4'], ['b', 'b', 'b', 'b']],
  ])('%s', (_, lines, expected) => {
    const host = TestHost.running(lines);
    host.queue({ count: 4 });
    host.advance(1);
    expect(machinesOf(host)).toEqual(expected);
  });

  it('with as little load and speed is the one with more jobs', () => {
    const host = TestHost.running(['a x86_64-linux - 9 10', 'b x86_64-linux - 9 10']);
    host.queue({ count: 4 });
    host.advance(1);
    expect(machinesOf(host)).toEqual(['a', 'a', 'a', 'a']);
  });
});

describe('a machine fits a step', () => {
  const plain = {};
  const kvm = { features: ['kvm'] };
  const local = { preferLocal: true };
  it.each<[string, string, Partial<BuildBatch>, boolean]>([
    ['of its system', 'a x86_64-linux', plain, true],
    ['of another of its systems', 'a x86_64-linux,i686-linux', { system: 'i686-linux' }, true],
    ['but not of a system it does not name', 'a x86_64-linux', { system: 'i686-linux' }, false],
    ['but none when it names no system', 'a', plain, false],
    ["builtin on the host's own system", 'a x86_64-linux', { system: 'builtin' }, true],
    ['but not builtin elsewhere', 'a aarch64-linux', { system: 'builtin' }, false],
    ['whose features it supports', 'a x86_64-linux - 1 1 kvm,big-parallel', kvm, true],
    ['but not with features it lacks', 'a x86_64-linux - 1 1 big-parallel', kvm, false],
    ['but not when a feature is only mandatory', 'a x86_64-linux - 1 1 - kvm', kvm, false],
    ['when it is mandatory and supported', 'a x86_64-linux - 1 1 kvm kvm', kvm, true],
    ['but not a plain one where a feature is mandatory', 'a x86_64-linux - 1 1 kvm kvm', plain, false],
    ['that prefers to be local, anywhere', 'a x86_64-linux', local, true],
    ['that prefers to be local where local is mandatory', 'a x86_64-linux - 1 1 - local', local, true],
    ['but not another where local is mandatory', 'a x86_64-linux - 1 1 - local', plain, false],
  ])('%s', (_, line, batch, fits) => {
    const host = TestHost.running([line]);
    host.queue(batch);
    host.advance(1);
    expect(host.started).toHaveLength(fits ? 1 : 0);
    expect(host.status.nrUnsupportedSteps).toBe(fits ? 0 : 1);
  });
});

describe('the status counts a step', () => {
  it.each<[string, Partial<BuildBatch>]>([
    ['x86_64-linux', {}],
    ['x86_64-linux:kvm,nixos-test', { features: ['nixos-test', 'kvm'] }],
    ['x86_64-linux:local', { preferLocal: true }],
    ['x86_64-linux:kvm,local', { preferLocal: true, features: ['kvm'] }],
    ['x86_64-linux:gpu', { preferLocal: true, features: ['gpu'] }],
    ['i686-linux:local', { preferLocal: true, system: 'i686-linux' }],
    ['aarch64-linux', { preferLocal: true, system: 'aarch64-linux' }],
    ['builtin', { system: 'builtin' }],
  ])('as %s', (key, batch) => {
    const host = TestHost.running([]);
    host.queue({ count: 2, ...batch });
    host.advance(1);
    expect(host.status.machineTypes).toEqual({ [key]: { runnable: 2, running: 0 } });
  });
});

describe('the next step', () => {
  /**
   * All are loaded while the only machine is busy, so nothing is left to chance. Time is charged to a jobset after
   * the slot is free again, so one build has to end well before.
   */
  const order = (...batches: readonly Partial<BuildBatch>[]): string[] => {
    const host = TestHost.running(['a x86_64-linux - 1 1 kvm,big-parallel']);
    host.queue({ tag: 'charged', seconds: 2 });
    host.advance(5);
    host.queue({ tag: 'blocking', seconds: 2 });
    host.advance(1);
    host.runner.queue(
      ...batches.map((batch) => ({ count: 1, system: 'x86_64-linux', seconds: 1, ...batch })),
    );
    host.advance(60);
    return tagsOf(host).slice(2);
  };

  it('is the oldest build', () => {
    expect(order({ tag: 'x' }, { tag: 'y' }, { tag: 'z' })).toEqual(['x', 'y', 'z']);
  });

  it('is one with more features before that', () => {
    expect(
      order(
        { tag: 'plain' },
        { tag: 'one', features: ['kvm'] },
        { tag: 'two', features: ['kvm', 'big-parallel'] },
      ),
    ).toEqual(['two', 'one', 'plain']);
  });

  it('is of the jobset that has used less before that', () => {
    expect(order({ tag: 'kvm', features: ['kvm'] }, { tag: 'fresh', jobset: 'other' })).toEqual([
      'fresh',
      'kvm',
    ]);
  });

  it('is one of higher priority before that', () => {
    expect(order({ tag: 'fresh', jobset: 'other' }, { tag: 'urgent', globalPriority: 5 })).toEqual([
      'urgent',
      'fresh',
    ]);
  });
});

describe('the first wave', () => {
  it('is drawn at random from a half-loaded queue, and the rest follows in order', () => {
    const firstWave = (seed: number): string[] => {
      const host = TestHost.running(['a x86_64-linux - 3'], { seed });
      host.queue({ count: 40 });
      host.advance(100);
      const rest = host.started.slice(3).map((start) => Number(/-(\d+) /.exec(start)?.[1]));
      expect(rest).toEqual([...rest].sort((a, b) => a - b));
      return host.started.slice(0, 3);
    };
    expect(new Set([1, 2, 3, 4, 5].map((seed) => firstWave(seed).join())).size).toBeGreaterThan(3);
  });

  it('takes builds of high priority before all others', () => {
    const host = TestHost.running(['a x86_64-linux - 3']);
    const batch = { system: 'x86_64-linux', seconds: 10 };
    host.runner.queue({ ...batch, count: 40 }, { ...batch, count: 3, tag: 'urgent', globalPriority: 1 });
    host.advance(1);
    expect(tagsOf(host)).toEqual(['urgent', 'urgent', 'urgent']);
  });
});

describe('a queued build', () => {
  it('is dispatched within hundredths of a second', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const [build] = host.queue();
    host.advance(0.03);
    expect(build?.startedAt).toBeDefined();
  });

  it('holds its slot a little longer than it builds, and the slot is taken again at once', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const builds = host.queue({ count: 20, seconds: 15 });
    host.advance(20 * 15.4);
    const waves = builds.map((build) => build.startedAt ?? Number.NaN).sort((a, b) => a - b);
    const period = ((waves.at(-1) ?? 0) - (waves[0] ?? 0)) / (waves.length - 1);
    expect(period).toBeGreaterThan(15.13);
    expect(period).toBeLessThan(15.3);
  });

  it('of which nobody told is found within 10 s', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.advance(2);
    host.runner.queueSilently({ count: 1, system: 'x86_64-linux', seconds: 1 });
    host.advance(7);
    expect(host.status.nrQueuedBuilds).toBe(0);
    host.advance(2);
    expect(host.status.nrQueuedBuilds + host.status.nrBuildsDone).toBe(1);
  });

  it('is noticed besides the look at the queue every 10 s', () => {
    const host = TestHost.running([]);
    host.goTo(51);
    expect(host.status.nrQueueWakeups).toBe(5);
    host.queue();
    host.goTo(52);
    expect(host.status.nrQueueWakeups).toBe(6);
    host.goTo(62);
    expect(host.status.nrQueueWakeups).toBe(7);
  });
});
