/** The unmodified function, SDK clients and documents, over HTTP, on the region that runs here. */
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig } from '../../lambdas/config-file/config-file.ts';
import type { Answer } from '../../lambdas/reconcile/answer.ts';
import { serveStage } from '../../local/programs/start/served-stage.ts';
import type { ServedStage } from '../../local/programs/start/served-stage.ts';

const written = {
  tag: 'handler-test',
  host: { instanceId: 'mi-0123456789abcdef0' },
  systemTypes: {
    'x86_64-linux': {
      maxMachines: 3,
      runnablesPerMachine: 4,
      maxJobs: 4,
      billing: 'per-second',
      gracePeriod: 120,
    },
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

const listedAddresses = (): string[] => {
  const { runner } = stage.world.cpp;
  const status = JSON.parse(runner.status().stdout) as { machines: Record<string, { enabled: boolean }> };
  return Object.entries(status.machines)
    .filter(([key, { enabled }]) => enabled && !key.includes('placeholder'))
    .map(([key]) => key);
};

const alive = (): number =>
  stage.world.region.instances.all.filter(({ state }) => state === 'running').length;

describe('the function on the local region', () => {
  it('launches for the queue, lists what answers, lets builds run, and drains when they are done', async () => {
    await invoke(TICK);
    const builds = stage.world.runner.queue({ count: 8, system: 'x86_64-linux', seconds: 200 });
    const first = await invoke(TICK);
    expect(first).toMatchObject({ result: 'done', done: { launch: 2 }, problems: [] });
    expect(listedAddresses()).toHaveLength(2);
    await invoke(TICK);
    await invoke(TICK);
    expect(builds.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'succeeded'));
    await invoke(TICK);
    await invoke(TICK);
    expect(listedAddresses()).toEqual([]);
    expect(alive()).toBe(0);
    expect(stage.world.judge.violations).toEqual([]);
    expect(stage.world.ledger.lost).toEqual([]);
  });

  it('scales out by hand, within the cap, until the time is over', async () => {
    const answer = await invoke({ scaleOut: { type: 'x86_64-linux', count: 9, minutes: 20 } });
    expect(answer).toMatchObject({ result: 'recorded', floor: { count: 3 }, tick: { done: { launch: 3 } } });
    await invoke(TICK);
    expect(alive()).toBe(3);
    expect(await invoke({ status: true })).toMatchObject({ result: 'status', scaledOut: [{ count: 3 }] });
    for (let tick = 0; tick < 6; tick++) await invoke(TICK);
    expect(alive()).toBe(0);
  });

  it('does nothing while another tick is at work, and says who is', async () => {
    await invoke(TICK);
    stage.world.runner.queue({ count: 8, system: 'x86_64-linux', seconds: 200 });
    const both = Promise.all([stage.lambda.invoke(TICK), stage.lambda.invoke(TICK)]);
    await stage.pass(299);
    const answers = (await both).map(({ answer }) => answer);
    expect(answers.map((answer) => answer?.result).toSorted()).toEqual(['busy', 'done']);
    const busy = answers.find((answer) => answer?.result === 'busy');
    expect(busy?.message).toMatch(/^tick invocation-\d#\d is at work/);
  });

  it('is woken in seconds by the watch that a tick leaves on the host', async () => {
    const woken: string[] = [];
    stage.lambda.onEnd(({ answer }) => {
      if (answer?.result === 'done') woken.push(`${answer.woken}`);
    });
    stage.startFunction();
    await stage.pass(40);
    stage.world.runner.queue({ count: 8, system: 'x86_64-linux', seconds: 200 });
    await stage.pass(12);
    expect(stage.world.region.instances.all).toHaveLength(2);
    await stage.pass(240);
    expect(woken).toEqual([
      'somebody who asked for a tick',
      'the watch on the Hydra host: 8 steps of x86_64-linux could start',
    ]);
    await stage.pass(1800);
    expect(alive()).toBe(0);
    const { commands } = stage.world.region.ssm;
    const watches = commands.all.filter(({ document }) => document.name.endsWith('-watch'));
    const statuses = watches.map(({ commandId }) => commands.status(commandId));
    expect(statuses.filter((status) => status === 'InProgress').length).toBeLessThanOrEqual(1);
    expect(new Set(statuses)).toEqual(new Set(['Success', 'Cancelled', 'InProgress']));
    expect(stage.world.judge.violations).toEqual([]);
  });

  it('has the doctor ask the region itself for instance types and quotas', async () => {
    await invoke(TICK);
    const diagnosis = await invoke({ doctor: true });
    if (diagnosis.result !== 'diagnosis') throw new Error(JSON.stringify(diagnosis));
    const said = new Map(diagnosis.findings.map((finding) => [finding.check, finding]));
    expect(said.get('on-demand quota')).toMatchObject({
      health: 'good',
      says: expect.stringContaining('2048 on-demand vCPUs has room for the 24 that 3 machines') as unknown,
    });
    expect(said.get('launches of x86_64-linux')).toMatchObject({
      health: 'good',
      says: expect.stringContaining('c7i.2xlarge are there') as unknown,
    });
    expect(said.has('spot quota')).toBe(false);
  });

  it('ignores events of strangers’ instances and tells people what is right', async () => {
    const event = {
      source: 'aws.ec2',
      'detail-type': 'EC2 Instance State-change Notification',
      detail: { 'instance-id': 'i-0aaaaaaaaaaaaaaaa' },
    };
    expect(await invoke(event)).toMatchObject({ result: 'ignored' });
    const invalid = await invoke({ scaleOut: { type: 'x86_64-linux', cuont: 3 } });
    expect(invalid).toMatchObject({ result: 'invalid', accepted: expect.any(Array) as unknown });
    expect(await invoke({ scaleOut: { type: 'sparc-linux', count: 1 } })).toMatchObject({
      problems: ['type: must be one of x86_64-linux'],
    });
  });
});
