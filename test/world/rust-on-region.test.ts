/** The unmodified function, SDK clients and documents, on a region whose Hydra host has the Rust queue runner. */
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig } from '../../lambdas/config-file/config-file.ts';
import type { Answer } from '../../lambdas/reconcile/answer.ts';
import { serveStage } from '../../local/programs/start/served-stage.ts';
import type { ServedStage } from '../../local/programs/start/served-stage.ts';

const written = {
  tag: 'rust-test',
  host: { instanceId: 'mi-0123456789abcdef0' },
  systemTypes: {
    'x86_64-linux': {
      maxMachines: 3,
      runnablesPerMachine: 4,
      maxJobs: 4,
      billing: 'per-second',
      gracePeriod: 120,
      bootTimeout: 600,
    },
    'x86_64-linux:kvm': { maxMachines: 1, maxJobs: 1, billing: 'per-second', gracePeriod: 60 },
  },
};
const TICK = { tick: true };

let served: ServedStage;
let stage: ServedStage['stage'];
const saved = { ...process.env };

beforeEach(async () => {
  served = await serveStage({
    seed: 7,
    start: 1_772_452_800,
    runnerKind: 'rust',
    written,
    config: checkConfig('the test', written),
    temporary: tmpdir(),
    searchPath: process.env['PATH'] ?? '',
  });
  Object.assign(process.env, served.environment);
  ({ stage } = served);
  stage.world.runner.start();
  await stage.pass(120);
});

afterEach(async () => {
  await served.strike();
  process.env = { ...saved };
});

/** Invokes the function and lets time pass until it has answered. */
const invoke = (event: unknown): Promise<Answer> => stage.ask(event, 299);

/** Ticks, one every five minutes, until `is` holds. */
async function tickUntil(is: () => boolean, times = 12): Promise<void> {
  for (let tick = 0; tick < times && !is(); tick++) await invoke(TICK);
  expect(is()).toBe(true);
}

const machines = () =>
  stage.world.region.instances.all.filter(({ state }) => state === 'running' || state === 'pending');

describe('with the Rust queue runner', () => {
  it('machines dial in, are opened, build, are closed on themselves and end, and nothing is lost', async () => {
    const { world } = stage;
    world.runner.queue({ count: 6, system: 'x86_64-linux', seconds: 300 });
    world.runner.queue({ count: 1, system: 'x86_64-linux', features: ['kvm'], seconds: 200 });
    const answer = await invoke(TICK);
    // 6 at 4 per machine, and one that takes kvm.
    expect(answer).toMatchObject({ queue: 'trusted', done: { launch: 3 } });
    expect(machines()).toHaveLength(3);
    expect(await invoke({ status: true })).toMatchObject({
      runner: expect.stringMatching(/^the Rust queue runner, since/) as unknown,
    });
    const diagnosis = await invoke({ doctor: true });
    if (diagnosis.result !== 'diagnosis') throw new Error(JSON.stringify(diagnosis));
    expect(diagnosis.findings.filter(({ health }) => health === 'bad')).toEqual([]);
    await tickUntil(() => world.ledger.done === 7);
    await tickUntil(() => machines().length === 0);
    expect(world.ledger).toMatchObject({ done: 7, lost: [], orphaned: [] });
    expect(world.judge.violations).toEqual([]);
  });

  it('a machine of another version never gets ready, and the journal of the machine says why', async () => {
    const { world } = stage;
    world.rust.machines.join = ((join) => (key, options) => {
      join.call(world.rust.machines, key, { ...options, version: '0.0.0-00000000' });
    })(world.rust.machines.join);
    world.runner.queue({ count: 1, system: 'x86_64-linux', seconds: 30 });
    await invoke(TICK);
    await invoke(TICK);
    const [machine = ''] = machines().map(({ instanceId }) => instanceId);
    expect(await invoke({ explain: { machine } })).toMatchObject({
      because: expect.arrayContaining([
        expect.stringMatching(/of another version than the queue runner \(exit 65\)/),
      ]) as unknown,
    });
  });

  it('without its database nothing is believed, and nothing ends', async () => {
    const { world } = stage;
    world.runner.queue({ count: 1, system: 'x86_64-linux', seconds: 30 });
    await tickUntil(() => world.ledger.done === 1);
    world.runner.setDatabaseReachable(false);
    const before = machines().length;
    expect(before).toBeGreaterThan(0);
    const answer = await invoke(TICK);
    expect(answer).toMatchObject({
      queue: expect.stringMatching(/^not trusted \(stale\): .*database/) as unknown,
    });
    await invoke(TICK);
    expect(machines()).toHaveLength(before);
  });
});
