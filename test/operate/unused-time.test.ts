/** What the doctor says wrong billing has cost, held against what the simulated region charged. */
import { describe, expect, it } from 'vitest';
import type { Found } from '../../lambdas/core/doctor/finding.ts';
import type { Billed } from '../../lambdas/core/doctor/money.ts';
import type { UnusedTime } from '../../lambdas/core/doctor/unused-time.ts';
import type { Billing } from '../../lambdas/core/model/index.ts';
import { readUnusedTime } from '../../lambdas/operate/unused-time.ts';
import type { Journal, JournalItem } from '../../lambdas/ports.ts';
import { MemoryJournal } from '../../local/world/ports/memory-journal.ts';
import { tick } from '../core/doctor/timeline.ts';
import { ImpatientClock } from '../fakes/impatient-clock.ts';
import { OperateBench, TYPE } from './bench.ts';

const HOUR = 3600;
const MACHINE = 'c7i.2xlarge';

/** Five hours in which builds come and go. */
async function afternoon(
  billing: Billing,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<OperateBench> {
  const type = { maxMachines: 4, runnablesPerMachine: 2, maxJobs: 2, gracePeriod: 300, ...changes };
  const bench = new OperateBench({ systemTypes: { [TYPE]: { ...type, billing } } });
  await bench.pass(120);
  await bench.ticks(1);
  for (const [count, seconds] of [
    [6, 400],
    [2, 1000],
    [8, 300],
  ] as const) {
    bench.world.runner.queue({ count, seconds, system: 'x86_64-linux' });
    await bench.ticks(20);
  }
  return bench;
}

const charged = (bench: OperateBench, billing: Billing): number =>
  bench.world.region.billing.totalSeconds(billing, bench.now);

/** The one machine type, whose image AWS bills as `platform`. */
const billedAs = ({ config, now }: Pick<OperateBench, 'config' | 'now'>, platform: string): Billed => ({
  config,
  observation: { now },
  prerequisites: new Map([[TYPE, { image: { found: { id: 'ami-1', platform, isFromMarketplace: false } } }]]),
});

const told = async (bench: OperateBench, platform: string): Promise<UnusedTime> =>
  found(await readUnusedTime(bench.workplace.ports, billedAs(bench, platform)));

function found(unused: Found<UnusedTime> | undefined): UnusedTime {
  if (unused === undefined || 'missing' in unused) throw new Error(JSON.stringify(unused));
  return unused.found;
}

describe('what wrong billing has cost', () => {
  it.each([{}, { gracePeriod: 0 }, { gracePeriod: 1500 }, { stopOnIdle: true }])(
    'is what the same afternoon costs less by the second: %o',
    async (changes) => {
      const hourly = await afternoon('hourly', changes);
      const perSecond = await afternoon('per-second', changes);
      const difference = charged(hourly, 'per-second') - charged(perSecond, 'per-second');
      const { idle, isComplete } = await told(hourly, 'Linux/UNIX');
      const seconds = idle.get(TYPE)?.get(MACHINE) ?? 0;
      expect(difference).toBeGreaterThan(2 * HOUR);
      expect(seconds).toBeGreaterThan(0.93 * difference);
      expect(seconds).toBeLessThan(1.02 * difference);
      expect(isComplete).toBe(true);
    },
  );

  it('is what is left of the hours in which machines were ended', async () => {
    const bench = await afternoon('per-second');
    const difference = charged(bench, 'hourly') - charged(bench, 'per-second');
    const { thrownAway } = await told(bench, 'SUSE Linux');
    expect(difference).toBeGreaterThan(2 * HOUR);
    expect(thrownAway.get(TYPE)?.get(MACHINE)).toBeGreaterThan(0.98 * difference);
    expect(thrownAway.get(TYPE)?.get(MACHINE)).toBeLessThan(1.02 * difference);
  });

  it('is nothing for machines that people keep', async () => {
    const bench = new OperateBench({ systemTypes: { [TYPE]: { maxMachines: 4, billing: 'hourly' } } });
    await bench.pass(120);
    await bench.ask({ scaleOut: { type: TYPE, count: 2, minutes: 120 } });
    await bench.ticks(3);
    expect(Object.values(await bench.machines())).toEqual(['ready', 'ready']);
    await bench.ask({ protect: { machine: await bench.firstMachine() } });
    await bench.ticks(2);
    expect((await told(bench, 'Linux/UNIX')).idle).toEqual(new Map());
    await bench.ask({ scaleIn: { type: TYPE } });
    await bench.ticks(3);
    const { idle } = await told(bench, 'Linux/UNIX');
    const [seconds = 0] = idle.get(TYPE)?.values() ?? [];
    expect(seconds).toBeGreaterThan(600);
    expect(seconds).toBeLessThan(1000);
  });

  it('is not known where the journal cannot be read, and known to be more where some of it was not', async () => {
    const { config, now } = new OperateBench({ systemTypes: { [TYPE]: { billing: 'hourly' } } });
    const empty = new MemoryJournal();
    const clock = new ImpatientClock();
    const broken: JournalItem = { key: 'k', problem: 'broken' };
    const refused = journalOf(async function* () {
      yield await Promise.resolve(broken);
      throw new Error('AccessDeniedException: not allowed to Query');
    });
    const spoilt = journalOf(async function* () {
      yield await Promise.resolve(broken);
    });
    const endless = journalOf(async function* () {
      for (;;) {
        await clock.sleep(1);
        yield { entry: tick(now - 3000, []) };
      }
    });
    const billed = billedAs({ config, now }, 'Linux/UNIX');
    expect(await readUnusedTime({ clock, journal: refused }, billed)).toEqual({
      missing: 'AccessDeniedException: not allowed to Query',
    });
    expect(found(await readUnusedTime({ clock, journal: empty }, billed)).isComplete).toBe(true);
    expect(found(await readUnusedTime({ clock, journal: spoilt }, billed)).isComplete).toBe(false);
    expect(found(await readUnusedTime({ clock, journal: endless }, billed)).isComplete).toBe(false);
    expect(await readUnusedTime({ clock }, billed)).toBeUndefined();
    const right = billedAs({ config, now }, 'SUSE Linux');
    expect(await readUnusedTime({ clock, journal: refused }, right)).toBeUndefined();
  });
});

const journalOf = (entries: () => AsyncIterable<JournalItem>): Journal => ({
  append: () => Promise.resolve(),
  entries,
});
