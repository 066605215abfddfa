import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoStateStore } from '../../lambdas/aws/dynamo/state-store.ts';
import type { Machine } from '../../lambdas/core/model/index.ts';
import {
  createStateTable,
  localDynamoClient,
  startDynamo,
  type LocalDynamo,
} from '../../local/world/dynamo.ts';
import { needs } from '../needs.ts';
import { FARM, INSTANCE, nixosImage, render, startMachineAws, TABLE, type MachineAws } from './builder.ts';
import { bareMachine } from '../contracts/farm-records.ts';
import { ScratchRoot, type ScriptResult } from './scratch-root.ts';

const LIMIT_MINUTES = 60;
const MINUTE = 60;
/** Where nothing listens. */
const NOBODY = 'http://127.0.0.1:9';

let dynamo: LocalDynamo;
let aws: MachineAws;
let root: ScratchRoot;
let table: string;

beforeAll(async () => {
  dynamo = await startDynamo();
  const client = localDynamoClient(dynamo.endpoint);
  await createStateTable(client, TABLE);
  client.destroy();
});
afterAll(() => dynamo.stop());
beforeEach(async (context) => {
  // Metadata is answered in this process, which notes the calls; the table is a real engine's.
  aws = await startMachineAws(() => undefined);
  root = new ScratchRoot();
  needs(context, 'curl');
  table = dynamo.endpoint;
  nixosImage(root);
  await root.run(render({ deadManMinutes: LIMIT_MINUTES }));
});
afterEach(async () => {
  root.remove();
  await aws.stop();
});

/** Runs the switch as its timer would, so many minutes after the boot. */
async function checkAt(minutes: number): Promise<ScriptResult> {
  root.write('proc/uptime', `${minutes * MINUTE}.42 1.00\n`);
  const result = await root.run(root.read('run/hydra-autoscaler/dead-man'), {
    ...aws.environment,
    HYDRA_BUILDER_AWS: table,
  });
  expect(result.code).toBe(0);
  return result;
}

/**
 * As a tick would, `ago` minutes before now by the clock on the wall, which the machine compares with its own.
 * @param machine what it remembers of the machine.
 */
async function tick(ago: number, machine: Partial<Machine> | 'forgotten' = {}): Promise<void> {
  const client = localDynamoClient(dynamo.endpoint);
  const store = new DynamoStateStore(client, TABLE, FARM);
  const now = Number(await date());
  const taken = await store.acquire(`tick-${ago}`, now, 100);
  if ('heldBy' in taken) throw new Error('the lease is taken');
  const farm = { backOffs: [], lastTickAt: now - ago * MINUTE + 0.25 };
  const machines = machine === 'forgotten' ? [] : [{ ...bareMachine(INSTANCE), ...machine }];
  const closedMachines = machine === 'forgotten' ? [INSTANCE] : [];
  await store.save(taken.lease, { farm, machines, closedMachines, launches: [], closedLaunches: [] });
  await store.release(taken.lease);
  client.destroy();
}

const date = async (): Promise<string> => (await root.run('date +%s')).stdout.trim();

const serve = (comm = 'nix-store', command = 'nix-store\0--serve\0--write\0'): void => {
  root.write('proc/4711/comm', `${comm}\n`);
  root.write('proc/4711/cmdline', command);
};

const isOff = (): boolean => root.calls.includes('systemctl poweroff');

describe('the dead-man switch', () => {
  it('ends an idle machine that has heard nothing since its boot for as long as is allowed', async () => {
    await tick(LIMIT_MINUTES * 2);
    await checkAt(LIMIT_MINUTES - 1);
    expect(isOff()).toBe(false);
    await checkAt(LIMIT_MINUTES);
    expect(isOff()).toBe(true);
  });

  it('leaves idle machines alone as long as ticks go on', async () => {
    await tick(5);
    await checkAt(LIMIT_MINUTES);
    await checkAt(LIMIT_MINUTES * 5);
    expect(isOff()).toBe(false);
  });

  it('counts from the last tick, not from when it was read, and not from the boot', async () => {
    await tick(5);
    await checkAt(LIMIT_MINUTES);
    await tick(LIMIT_MINUTES * 9);
    await checkAt(LIMIT_MINUTES * 2 - 6);
    expect(isOff()).toBe(false);
    await checkAt(LIMIT_MINUTES * 2 - 4);
    expect(isOff()).toBe(true);
  });

  it.each([
    ['nix-store --serve', 'nix-store', 'nix-store\0--serve\0--write\0'],
    ['nix-daemon --stdio', 'nix-daemon', 'nix-daemon\0--stdio\0'],
  ])('never ends a machine that serves its store by %s, whoever is dead', async (_what, comm, command) => {
    table = NOBODY;
    serve(comm, command);
    await checkAt(LIMIT_MINUTES * 9);
    expect(isOff()).toBe(false);
    root.write('proc/4711/cmdline', '');
    await checkAt(LIMIT_MINUTES * 10 - 1);
    expect(isOff()).toBe(false);
    await checkAt(LIMIT_MINUTES * 10);
    expect(isOff()).toBe(true);
  });

  it('takes processes it cannot count for work', async () => {
    table = NOBODY;
    await root.run(`rm -r '${root.path}/proc/self'`);
    await checkAt(LIMIT_MINUTES * 9);
    expect(isOff()).toBe(false);
  });

  it('goes by store sessions alone where the table cannot be read', async () => {
    await tick(0);
    table = NOBODY;
    serve();
    await checkAt(10);
    root.write('proc/4711/comm', 'sleep\n');
    await checkAt(LIMIT_MINUTES + 9);
    expect(isOff()).toBe(false);
    await checkAt(LIMIT_MINUTES + 10);
    expect(isOff()).toBe(true);
  });

  it.each([
    ['was forgotten', 'forgotten'],
    ['is to be ended', { phase: 'terminating' }],
    ['has failed', { phase: 'failed' }],
    ['has lost its tags', { untagged: true }],
  ] as const)('ends an idle machine that %s, although ticks go on', async (_what, machine) => {
    await tick(1);
    await checkAt(LIMIT_MINUTES);
    await tick(1, machine);
    await checkAt(LIMIT_MINUTES * 2 - 2);
    expect(isOff()).toBe(false);
    const last = await checkAt(LIMIT_MINUTES * 2 - 1);
    expect(last.stdout).toBe(
      `hydra-builder: idle for ${LIMIT_MINUTES} minutes, and the autoscaler does not want it any more; powering off\n`,
    );
    expect(isOff()).toBe(true);
  });

  it('never ends such a machine at its work', async () => {
    await tick(1, { phase: 'terminating' });
    serve();
    await checkAt(LIMIT_MINUTES * 9);
    expect(isOff()).toBe(false);
  });

  it.each(['draining', 'stopping', 'booting'] as const)(
    'leaves a machine alone that is %s',
    async (phase) => {
      await tick(5, { phase });
      await checkAt(LIMIT_MINUTES * 5);
      expect(isOff()).toBe(false);
    },
  );

  it('says in one line why the table cannot be read, whenever it cannot', async () => {
    table = aws.environment['HYDRA_BUILDER_AWS'] ?? NOBODY;
    const refused = await checkAt(LIMIT_MINUTES - 1);
    expect(refused.stderr).toMatch(/^hydra-autoscaler: no DynamoDB_20120810\.GetItem: .*error: 400.*\n$/);
    table = NOBODY;
    expect((await checkAt(LIMIT_MINUTES - 1)).stderr).toMatch(/^hydra-autoscaler: no \S+: .*connect.*\n$/i);
    const last = await checkAt(LIMIT_MINUTES);
    expect(last.stdout).toContain('minutes, and the state table could not be read; powering off');
    table = dynamo.endpoint;
    await tick(LIMIT_MINUTES * 2);
    expect(await checkAt(LIMIT_MINUTES)).toMatchObject({
      stderr: '',
      stdout: expect.stringMatching(/minutes; powering off/) as string,
    });
  });

  it('asks nobody while the answer could change nothing', async () => {
    table = aws.environment['HYDRA_BUILDER_AWS'] ?? NOBODY;
    await checkAt(LIMIT_MINUTES / 3 - 1);
    expect(aws.targets).toEqual([]);
    await checkAt(LIMIT_MINUTES / 3);
    expect(aws.targets).toEqual(['DynamoDB_20120810.GetItem']);
  });

  it('runs every minute by a timer of its own', () => {
    expect(readFileSync(`${root.path}/run/systemd/system/hydra-dead-man.timer`, 'utf8')).toMatch(
      /OnUnitInactiveSec=60/,
    );
  });
});
