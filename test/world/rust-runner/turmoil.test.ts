/** Whatever befalls builders, queue runner and database, the books stay in order, and all is built in the end. */
import { describe, expect, it } from 'vitest';
import type { Build } from '../../../local/world/hydra/builds.ts';
import { Random } from '../../../local/world/random.ts';
import { RustFarm } from './farm.ts';

const NAMES = ['i-1', 'i-2', 'i-3', 'i-4'];
const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1);
const EVENTS = 100;

/** Told of every build that ends. */
class Ends {
  readonly counts = new Map<Build, number>();

  readonly onBuildFinished = (build: Build): void => {
    this.counts.set(build, (this.counts.get(build) ?? 0) + 1);
  };
}

/** One thing that may happen. */
const befall = (farm: RustFarm, random: Random): void => {
  const name = random.pick(NAMES);
  const { builders, runner } = farm;
  random.pick([
    () => farm.queue(random.index(6), { seconds: random.between(1, 60), fail: random.chance(0.1) }),
    () => farm.queue(1, { seconds: 30, features: ['big-parallel'], outputMiB: 500 }),
    () => {
      runner.cancel([...runner.unfinishedBuilds].slice(0, 2));
    },
    () => {
      farm.join(name, { maxJobs: 1 + random.index(6) });
    },
    () => {
      builders.leave(name);
    },
    () => {
      builders.crash(name);
    },
    () => {
      builders.restart(name);
    },
    () => {
      builders.reboot(name, 20);
    },
    () => {
      builders.close(name);
    },
    () => {
      builders.open(name);
    },
    () => {
      builders.freeze(name);
    },
    () => {
      builders.thaw(name);
    },
    () => {
      builders.vanish(name);
    },
    () => {
      builders.heal(name);
    },
    () => {
      builders.daemonDies(name);
    },
    () => {
      builders.daemonReturns(name);
    },
    () => {
      runner.stop();
    },
    () => {
      runner.hang();
    },
    () => {
      runner.setDatabaseReachable(false);
    },
  ])();
};

/** The host does not stay in trouble for long, so that most of it happens to a queue runner at work. */
const recover = ({ runner }: RustFarm, random: Random): void => {
  if (random.chance(0.5) && !runner.running) runner.start();
  if (random.chance(0.5)) runner.resume();
  if (random.chance(0.5)) runner.setDatabaseReachable(true);
};

/** All is well again, but for what only a restart of the queue runner mends. */
const calm = (farm: RustFarm): void => {
  const { builders, runner } = farm;
  runner.setDatabaseReachable(true);
  runner.resume();
  runner.stop();
  runner.start();
  for (const name of NAMES) {
    builders.heal(name);
    builders.thaw(name);
    builders.leave(name);
    farm.join(name);
  }
};

const checkBooks = (farm: RustFarm): void => {
  if (farm.runner.answers().status.kind !== 'answered') return;
  const { machines, queueRunner } = farm.status;
  const shown = Object.values(machines);
  for (const { jobs, maxJobs, stats } of shown) {
    expect(jobs).toHaveLength(stats.currentJobs);
    expect(stats.currentJobs).toBeLessThanOrEqual(maxJobs);
  }
  expect(queueRunner.machinesTotal).toBeGreaterThanOrEqual(shown.length);
  const active = Object.values(queueRunner.queueStats).reduce((sum, queue) => sum + queue.activeRunnable, 0);
  const queued = farm.queued();
  const scheduled = new Set(
    queued.filter(({ alreadyScheduled }) => alreadyScheduled).map(({ drvPath }) => drvPath),
  );
  expect(active).toBe(scheduled.size);
  // What ended while the database was away holds its slot and is not scheduled.
  const taken = new Set(shown.flatMap(({ jobs }) => jobs));
  const neverOver = queued.filter(({ tries, finished }) => tries === 0 && !finished);
  for (const { drvPath } of neverOver.filter((step) => taken.has(step.drvPath)))
    expect(scheduled).toContain(drvPath);
};

describe('in a turmoil', () => {
  it.each(SEEDS)('nothing is lost for good, and nothing ends twice (%i)', (seed) => {
    const ends = new Ends();
    const farm = new RustFarm({ dispatchTriggerSeconds: 5, maxRetries: 1000 }, { seed, observer: ends });
    const random = new Random(seed);
    for (const name of NAMES) farm.join(name);
    farm.queue(10, { seconds: 40 });
    for (let event = 0; event < EVENTS; event += 1) {
      befall(farm, random);
      recover(farm, random);
      farm.wait(random.between(0, 20));
      checkBooks(farm);
    }
    calm(farm);
    farm.wait(4000);
    checkBooks(farm);
    expect([...farm.runner.unfinishedBuilds]).toEqual([]);
    expect([...ends.counts.values()].every((count) => count === 1)).toBe(true);
    expect(farm.busyRows).toEqual({});
    expect(farm.status.queueRunner.machinesTotal).toBe(NAMES.length);
  });
});
