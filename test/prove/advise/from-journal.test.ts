/** What is read from a journal, beside what truly arrived in the queue that it is of. */
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../lambdas/config-file/config-file.ts';
import type { JournalEntry } from '../../../lambdas/core/model/index.ts';
import { arrivalsIn, pricesIn } from '../../../local/prove/advise/from-journal.ts';
import { Chaos } from '../../../local/prove/simulate/chaos.ts';
import { FaultyStage } from '../../../local/prove/simulate/faulty-stage.ts';
import { START } from '../../../local/prove/simulate/simulate.ts';
import { buildsIn } from '../../../local/world/workload.ts';
import type { Workload } from '../../../local/world/workload.ts';
import type { RunnerKind } from '../../../lambdas/core/model/index.ts';

const HOUR = 3600;

const CONFIG = checkConfig('test', {
  ...{
    tag: 'farm',
    host: { instanceId: 'i-0123456789abcdef0', queueRunnerAddr: 'http://10.0.0.1:50051' },
    maxTotalMachines: 9,
  },
  systemTypes: {
    'x86_64-linux': { maxMachines: 6, maxJobs: 4, targetWait: 300 },
    'x86_64-linux:kvm': { maxMachines: 2, maxJobs: 2, targetWait: 300 },
  },
});

const batch = (hours: number, count: number, seconds: number, features: readonly string[] = []) => ({
  ...{ atSeconds: hours * HOUR, system: 'x86_64-linux', features },
  durationsSeconds: Array.from({ length: count }, () => seconds),
});

/** Far enough apart for machines to go in between, so that later ones come to the addresses of earlier ones. */
const WORKLOAD: Workload = [
  batch(0.2, 12, 900),
  batch(2, 7, 900),
  batch(2, 5, 300, ['kvm']),
  batch(4, 16, 900),
  batch(4.1, 4, 900),
];

async function journalOf(runnerKind: RunnerKind, restartAt?: number): Promise<readonly JournalEntry[]> {
  const stage = new FaultyStage({
    ...{ seed: 1, start: START, config: CONFIG, kills: () => false, runnerKind },
    chaos: new Chaos({ seed: 1, enabled: new Set() }),
    reporter: { decision: () => undefined, problem: () => undefined, metrics: () => undefined },
  });
  const { world } = stage;
  world.inForce.found = () => world.hydra.kind;
  world.runner.start();
  world.schedule(WORKLOAD);
  if (restartAt !== undefined)
    world.timeline.schedule(START + restartAt * HOUR, () => {
      world.runner.stop();
      world.runner.start();
    });
  stage.startFunction();
  await stage.pass(7 * HOUR);
  stage.lambda.stop();
  expect(world.ledger.unfinished).toBe(0);
  const entries: JournalEntry[] = [];
  for await (const item of stage.journal.entries(0, Infinity)) if ('entry' in item) entries.push(item.entry);
  return entries;
}

const ofKind = (workload: Workload, features: string): Workload =>
  workload.filter((arrival) => arrival.features.join() === features);

const meanOf = (workload: Workload): number => {
  const all = workload.flatMap(({ durationsSeconds }) => durationsSeconds);
  return all.reduce((sum, seconds) => sum + seconds, 0) / all.length;
};

describe('arrivals read from a journal', () => {
  it('are as many as there were, when there were any', async () => {
    const read = arrivalsIn(await journalOf('cpp'), CONFIG.machineTypes);
    expect(buildsIn(ofKind(read, ''))).toBe(39);
    expect(buildsIn(ofKind(read, 'kvm'))).toBe(5);
    const begin = read[0]?.atSeconds ?? NaN;
    // Between two ticks, and the queue runner's own time to read its queue.
    for (const { atSeconds } of read) {
      const at = atSeconds - begin + 0.2 * HOUR;
      expect(Math.min(...WORKLOAD.map((arrival) => Math.abs(arrival.atSeconds - at)))).toBeLessThan(400);
    }
  });

  it('take about as long as they took', async () => {
    const read = arrivalsIn(await journalOf('cpp'), CONFIG.machineTypes);
    expect(meanOf(ofKind(read, '')) / 900).toBeGreaterThan(0.7);
    expect(meanOf(ofKind(read, '')) / 900).toBeLessThan(1.4);
  });

  it('are as many with the Rust queue runner, which does not tell features', async () => {
    expect(buildsIn(arrivalsIn(await journalOf('rust'), CONFIG.machineTypes))).toBe(44);
  });

  it('are no more because the queue runner was started again and counts from 0', async () => {
    const read = arrivalsIn(await journalOf('cpp', 3.5), CONFIG.machineTypes);
    expect(buildsIn(read)).toBe(44);
  });

  it('come with what AWS asked for machines, as it was last known', async () => {
    const prices = (dollars: number) => ({
      ...{ askedAt: 1, asked: ['c7i.2xlarge'] },
      prices: [
        { instanceType: 'c7i.2xlarge', market: 'on-demand' as const, dollarsPerHour: dollars },
        { instanceType: 'c7i.2xlarge', market: 'spot' as const, zone: 'a', dollarsPerHour: dollars / 2 },
        { instanceType: 'c7i.2xlarge', market: 'spot' as const, zone: 'b', dollarsPerHour: dollars / 4 },
      ],
    });
    const entries = (await journalOf('cpp')).filter((entry) => entry.kind === 'tick');
    const priced = entries.map((entry, index) => ({
      ...entry,
      rounds: entry.rounds.map(({ observation, ...round }) => {
        if (observation === undefined) return round;
        const state = { ...observation.state, prices: prices(index === 0 ? 4 : 8) };
        return { ...round, observation: { ...observation, state } };
      }),
    }));
    expect([...pricesIn(priced)]).toEqual([['c7i.2xlarge', { onDemand: 8, spot: 2 }]]);
    expect([...pricesIn([])]).toEqual([]);
  });

  it('are none where nothing was seen', () => {
    expect(arrivalsIn([], CONFIG.machineTypes)).toEqual([]);
  });
});
