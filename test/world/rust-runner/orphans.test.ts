import { describe, expect, it } from 'vitest';
import type { OrphanedStep } from '../../../local/world/hydra/observer.ts';
import { RustFarm } from './farm.ts';

describe('a builder that leaves while it is being filled', () => {
  const rounds = Array.from({ length: 12 }, (_, index) => index + 1);

  const filled = (seed: number): { farm: RustFarm; orphans: OrphanedStep[] } => {
    const orphans: OrphanedStep[] = [];
    const observer = { onStepOrphaned: (step: OrphanedStep) => orphans.push(step) };
    const farm = new RustFarm({ dispatchTriggerSeconds: 5 }, { seed, observer });
    farm.queue(80, { seconds: 500 });
    farm.join('i-1', { maxJobs: 60 });
    farm.until(() => farm.jobsOf('i-1') >= 3 + seed);
    farm.builders.leave('i-1');
    farm.wait(10);
    return { farm, orphans };
  };

  it.each(rounds)('leaves one step behind that nobody ever tries again (%i)', (seed) => {
    const { farm, orphans } = filled(seed);
    expect(orphans).toHaveLength(1);
    farm.wait(1020);
    expect(farm.busyRows).toEqual({ 'i-1': 1 });
    expect(farm.status.queueRunner.queueStats['x86_64-linux']?.activeRunnable).toBe(1);
    expect(farm.status.machines).toEqual({});
    expect(farm.queued().filter((step) => step.alreadyScheduled)).toHaveLength(1);
  });

  it('keeps it when the build is cancelled, and gives it back when the queue runner is restarted', () => {
    const { farm } = filled(1);
    const stuck = farm.queued().find((step) => step.alreadyScheduled);
    const builds = [...farm.runner.unfinishedBuilds].filter(({ id }) => id === stuck?.lowestBuildId);
    farm.runner.cancel(builds);
    farm.wait(5);
    expect(farm.busyRows).toEqual({ 'i-1': 1 });
    expect(farm.queued().find((step) => step.alreadyScheduled)?.cancelled).toBe(true);
    farm.runner.stop();
    farm.runner.start();
    farm.wait(2);
    expect(farm.busyRows).toEqual({});
    expect(farm.queued()).toHaveLength(79);
  });

  it.each(rounds)('does not when it had nothing to do but what it is just given (%i)', (seed) => {
    const orphans: OrphanedStep[] = [];
    const observer = { onStepOrphaned: (step: OrphanedStep) => orphans.push(step) };
    const farm = new RustFarm({}, { seed, observer });
    farm.join('i-1', { maxJobs: 60 });
    farm.wait(20);
    farm.builders.leave('i-1');
    farm.queue(1);
    farm.wait(60);
    expect(orphans).toEqual([]);
    expect(farm.busyRows).toEqual({});
  });

  it.each(rounds)('does not when it was closed and empty before (%i)', (seed) => {
    const orphans: OrphanedStep[] = [];
    const observer = { onStepOrphaned: (step: OrphanedStep) => orphans.push(step) };
    const farm = new RustFarm({ dispatchTriggerSeconds: 5 }, { seed, observer });
    farm.queue(200, { seconds: 1 });
    farm.join('i-1', { maxJobs: 3 });
    farm.wait(20);
    farm.builders.close('i-1');
    farm.wait(12);
    farm.until(() => farm.jobsOf('i-1') === 0);
    farm.wait(30);
    farm.builders.leave('i-1');
    farm.wait(60);
    expect(orphans).toEqual([]);
    expect(farm.queued().filter((step) => step.tries > 0 || step.alreadyScheduled)).toEqual([]);
  });
});
