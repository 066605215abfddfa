import { describe, expect, it } from 'vitest';
import { drvNameOf, drvTextOf } from '../../../local/world/rust-runner/derivations.ts';
import { RustFarm } from './farm.ts';

const farmWith = (settings = {}): RustFarm => new RustFarm({ dispatchTriggerSeconds: 5, ...settings });

describe('steps are given out', () => {
  it('to the first machine until it is full, the faster ones before the others', () => {
    const farm = farmWith();
    farm.join('slow', { maxJobs: 3 });
    farm.join('fast', { maxJobs: 3, speedFactor: 2 });
    farm.wait(3);
    farm.queue(4, { seconds: 60 });
    farm.wait(2);
    expect(farm.machine('fast').stats.currentJobs).toBe(3);
    expect(farm.machine('slow').stats.currentJobs).toBe(1);
  });

  it('by priority, then by age', () => {
    const farm = farmWith();
    farm.queue(2, { tag: 'usual', seconds: 60 });
    farm.queue(1, { tag: 'urgent', seconds: 60, globalPriority: 9 });
    farm.wait(2);
    farm.join('i-1', { maxJobs: 2 });
    farm.wait(8);
    expect(farm.machine('i-1').jobs.map((name) => name.slice(33))).toEqual(['urgent-1.drv', 'usual-1.drv']);
  });

  it('to machines that have their features, and to such as demand some only if they require those', () => {
    const farm = farmWith();
    farm.join('kvm-only', { supportedFeatures: ['kvm'], mandatoryFeatures: ['kvm'], maxJobs: 9 });
    farm.join('plain', { supportedFeatures: [], maxJobs: 9 });
    farm.wait(2);
    farm.queue(2, { seconds: 60 });
    farm.queue(3, { seconds: 60, features: ['kvm'] });
    farm.queue(1, { seconds: 60, features: ['gpu'] });
    farm.wait(8);
    expect(farm.busyRows).toEqual({ 'kvm-only': 3, plain: 2 });
    expect(farm.status.queueRunner.nrUnsupportedSteps).toBe(1);
  });

  it('of cancelled builds only as far as the queue: there they wait for a machine that could take them', () => {
    const farm = farmWith();
    const builds = farm.queue(3);
    farm.wait(2);
    farm.runner.cancel(builds);
    farm.wait(30);
    expect(farm.queued()).toHaveLength(3);
    expect(farm.runner.answers().unfinished).toBe(0);
    farm.join('i-1');
    farm.wait(8);
    expect(farm.queued()).toEqual([]);
    expect(farm.status.queueRunner.nrStepsDone).toBe(0);
  });

  it('and stopped when their build is cancelled: the slot is free at once', () => {
    const farm = farmWith();
    farm.join('i-1');
    const builds = farm.queue(2, { seconds: 600 });
    farm.wait(8);
    farm.runner.cancel(builds);
    farm.wait(1);
    expect(farm.machine('i-1').stats.currentJobs).toBe(0);
    expect(builds.map((build) => build.tries[0]?.outcome)).toEqual(['cancelled', 'cancelled']);
  });
});

describe('a slot is held', () => {
  it('until the outputs are back: three of 700 MB take about 14 s', () => {
    const farm = farmWith();
    farm.join('i-1', { maxJobs: 3 });
    farm.wait(2);
    farm.queue(3, { seconds: 8, outputMiB: 668 });
    farm.wait(12);
    expect(farm.machine('i-1').stats.currentJobs).toBe(3);
    expect(farm.machine('i-1').jobs).toHaveLength(3);
    farm.wait(6);
    expect(farm.machine('i-1').stats.currentUploadingPathCount).toBe(3);
    const rest = farm.until(() => farm.jobsOf('i-1') === 0);
    expect(10 + rest).toBeGreaterThan(12);
    expect(10 + rest).toBeLessThan(17);
  });
});

describe('a builder whose Nix daemon is dead', () => {
  it('burns a try of everything that is queued, 21 steps in 3 s, and nothing disables it', () => {
    const farm = farmWith();
    farm.join('i-1', { maxJobs: 3 });
    farm.wait(12);
    farm.builders.daemonDies('i-1');
    farm.queue(21, { seconds: 600 });
    const seconds = farm.until(() => farm.queued().filter(({ tries }) => tries === 1).length === 21);
    expect(seconds).toBeGreaterThan(1.5);
    expect(seconds).toBeLessThan(5);
    expect(farm.machine('i-1')).toMatchObject({
      hasCapacity: true,
      stats: { consecutiveFailures: 21, disabledUntil: 0, currentJobs: 0 },
    });
  });

  it('loses what it builds in the end, and is forgiven by the next success', () => {
    const farm = farmWith();
    farm.join('i-1');
    farm.queue(2, { seconds: 60 });
    farm.wait(10);
    farm.builders.daemonDies('i-1');
    farm.wait(40);
    expect(farm.machine('i-1').stats).toMatchObject({ consecutiveFailures: 0, currentJobs: 2 });
    farm.wait(20);
    expect(farm.machine('i-1').stats).toMatchObject({ consecutiveFailures: 2, currentJobs: 0 });
    farm.builders.daemonReturns('i-1');
    farm.wait(140);
    expect(farm.machine('i-1').stats).toMatchObject({ consecutiveFailures: 0, nrStepsDone: 4 });
  });
});

describe('a build', () => {
  it('fails for good on a builder that claims features its Nix does not have', () => {
    const farm = farmWith();
    farm.join('i-1', { supportedFeatures: ['only4'], nixFeatures: [] });
    const [build] = farm.queue(1, { features: ['only4'] });
    farm.wait(8);
    expect(build).toMatchObject({ status: 'failed' });
    expect(build?.tries).toHaveLength(1);
  });

  it('that fails by itself is not tried again, and counts against its machine', () => {
    const farm = farmWith();
    farm.join('i-1');
    const [build] = farm.queue(1, { seconds: 2, fail: true });
    farm.wait(12);
    expect(build).toMatchObject({ status: 'failed' });
    expect(farm.machine('i-1').stats.consecutiveFailures).toBe(1);
  });

  it('that no machine supports is given up at the dispatch after the limit; a closed machine supports it, too', () => {
    const farm = farmWith({ maxUnsupportedTimeSeconds: 20 });
    farm.join('i-1', { supportedFeatures: ['kvm'], isClosed: true });
    farm.wait(5);
    const [gpu, kvm] = [...farm.queue(1, { features: ['gpu'] }), ...farm.queue(1, { features: ['kvm'] })];
    farm.wait(19);
    expect(gpu?.status).toBeUndefined();
    farm.wait(8);
    expect(gpu?.status).toBe('unsupported');
    expect(kvm?.status).toBeUndefined();
    farm.builders.leave('i-1');
    farm.wait(30);
    expect(kvm?.status).toBe('unsupported');
  });

  it('is given up at once when the limit is lowered below what it has waited', () => {
    const farm = farmWith();
    const [build] = farm.queue(1);
    farm.wait(100);
    farm.runner.reload({ maxUnsupportedTimeSeconds: 20 });
    farm.wait(6);
    expect(build?.status).toBe('unsupported');
  });

  it('has that time again after each start of the queue runner', () => {
    const farm = farmWith({ maxUnsupportedTimeSeconds: 20 });
    const [build] = farm.queue(1);
    for (let restarts = 0; restarts < 5; restarts += 1) {
      farm.wait(15);
      farm.runner.stop();
      farm.runner.start();
    }
    expect(build?.status).toBeUndefined();
    farm.wait(30);
    expect(build?.status).toBe('unsupported');
  });
});

describe('a derivation', () => {
  const build = (features: readonly string[]) => {
    const [made] = new RustFarm().queue(1, { features, tag: 'vm' });
    if (made === undefined) throw new Error('nothing was queued');
    return made;
  };

  it('is named in the queue as in the store', () => {
    const farm = new RustFarm();
    const builds = farm.queue(3);
    farm.wait(2);
    expect(farm.queued().map(({ drvPath }) => drvPath)).toEqual(builds.map(drvNameOf));
    expect(farm.queued()[0]?.drvPath).toMatch(/^[0-9a-df-np-sv-z]{32}-build-1\.drv$/);
  });

  it('says in either form which features it requires', () => {
    const plain = drvTextOf(build(['nixos-test', 'kvm']));
    expect(plain).toContain('("requiredSystemFeatures","kvm nixos-test")');
    const structured = drvTextOf(build(['nixos-test', 'kvm']), true);
    expect(structured).toContain(String.raw`\"requiredSystemFeatures\":[\"kvm\",\"nixos-test\"]`);
    expect(drvTextOf(build([]))).not.toContain('requiredSystemFeatures');
  });
});
