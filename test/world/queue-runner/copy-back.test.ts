import { describe, expect, it } from 'vitest';
import { CopySlots } from '../../../local/world/queue-runner/copy-slots.ts';
import { START, TestHost } from './host.ts';

describe('a large output', () => {
  it('is hashed while the slot is held, then copied at about 100 MB/s with the slot free', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const [build] = host.queue({ outputMiB: 1000 });
    host.advance(10);
    const ends: Record<string, number> = {};
    for (let tenth = 0; tenth < 300; tenth++) {
      host.advance(0.1);
      const { nrStepsBuilding, nrStepsCopyingFrom, nrActiveSteps } = host.status;
      if (nrStepsBuilding === 1) ends['building'] = host.t;
      if (nrStepsCopyingFrom === 1) {
        ends['copying'] = host.t;
        expect(host.machine('a')).toMatchObject({ currentJobs: 0 });
        expect(nrActiveSteps).toBe(1);
      }
    }
    const [building = 0, copying = 0] = [ends['building'], ends['copying']];
    expect(building - 11).toBeGreaterThan(2.5);
    expect(building - 11).toBeLessThan(8.5);
    expect(copying - building).toBeGreaterThan(9.7);
    expect(copying - building).toBeLessThan(12);
    expect(build?.status).toBe('succeeded');
  });

  it('leaves a machine that looks idle and is not', () => {
    const host = TestHost.running(['a x86_64-linux - 2']);
    host.queue({ count: 2, outputMiB: 1800 });
    host.advance(30);
    expect(host.machine('a').currentJobs).toBe(0);
    expect(host.machine('a').idleSince).toBeGreaterThan(START + 11);
    expect(host.status).toMatchObject({
      nrStepsCopyingFrom: 2,
      nrActiveSteps: 2,
      nrBuildsDone: 0,
      nrStepsDone: 0,
    });
  });

  it('lets the next step start while it is copied', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.queue({ count: 2, outputMiB: 1000 });
    host.advance(20);
    expect(host.status).toMatchObject({ nrStepsCopyingFrom: 1, nrStepsBuilding: 1, nrActiveSteps: 2 });
    expect(host.machine('a').currentJobs).toBe(1);
  });

  it('keeps its slot while it waits for one of the copy slots', () => {
    const host = TestHost.running(['a x86_64-linux - 6'], { settings: { maxLocalWorkerThreads: 2 } });
    host.queue({ count: 6, outputMiB: 1000 });
    host.advance(21);
    expect(host.status).toMatchObject({
      nrStepsCopyingFrom: 2,
      nrStepsWaitingForDownloadSlot: 4,
      nrStepsBuilding: 0,
      nrActiveSteps: 6,
      machineTypes: { 'x86_64-linux': { runnable: 0, running: 4 } },
    });
    expect(host.machine('a').currentJobs).toBe(4);
    host.advance(10);
    expect(host.machine('a').currentJobs).toBe(2);
    host.advance(12);
    expect(host.machine('a').currentJobs).toBe(0);
    host.advance(12);
    expect(host.status).toMatchObject({ nrActiveSteps: 0, nrBuildsDone: 6 });
  });

  it('is hashed as fast as ever after others were lost while they were hashed', () => {
    const host = TestHost.running(['a x86_64-linux - 20']);
    host.queue({ count: 20, outputMiB: 1000 });
    host.advance(12);
    expect(host.status.nrStepsBuilding).toBe(20);
    host.builders.kill('a');
    host.runner.cancel([...host.runner.unfinishedBuilds]);
    host.advance(200);
    host.builders.start('a');
    const [build] = host.queue({ outputMiB: 1000 });
    host.advance(10 + 3.5 + 0.3 + 12.3);
    expect(build?.status).toBe('succeeded');
  });

  it('does not exist where a build fails', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const [build] = host.queue({ outputMiB: 1000, fail: true });
    host.advance(10.6);
    expect(build?.status).toBe('failed');
  });
});

describe('a small output', () => {
  it('is copied and recorded within tenths of a second', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const builds = host.queue({ count: 50, seconds: 1 });
    host.advance(70);
    const ends = builds
      .map((build) => (build.finishedAt ?? 0) - (build.startedAt ?? 0))
      .sort((a, b) => a - b);
    expect(ends[0]).toBeGreaterThan(1.12);
    expect(ends[25]).toBeLessThan(1.25);
    expect(ends[49]).toBeLessThan(1.8);
  });
});

describe('copy slots', () => {
  it('are never more than there are, and go to who waited longest', () => {
    const slots = new CopySlots(2);
    const granted: number[] = [];
    for (let number = 0; number < 6; number++) slots.acquire(() => granted.push(number));
    expect([granted, slots.waiting]).toEqual([[0, 1], 4]);
    slots.release();
    slots.release();
    expect(granted).toEqual([0, 1, 2, 3]);
    slots.acquire(() => granted.push(6));
    expect([granted, slots.waiting]).toEqual([[0, 1, 2, 3], 3]);
    for (let number = 0; number < 5; number++) slots.release();
    expect([granted, slots.waiting]).toEqual([[0, 1, 2, 3, 4, 5, 6], 0]);
  });

  it('must be at least one', () => {
    const host = new TestHost({ settings: { maxLocalWorkerThreads: 0 } });
    expect(() => {
      host.runner.start();
    }).toThrow('at least 1 copy slot');
  });
});
