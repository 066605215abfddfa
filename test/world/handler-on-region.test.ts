/** The unmodified function, SDK clients and documents, over HTTP, on the region that runs here. */
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig } from '../../lambdas/config-file/config-file.ts';
import type { Answer } from '../../lambdas/reconcile/answer.ts';
import { drive } from '../../local/world/drive/drive.ts';
import { Lambda } from '../../local/world/drive/lambda.ts';
import { setStage } from '../../local/programs/start/stage.ts';
import type { Stage } from '../../local/programs/start/stage.ts';

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

let stage: Stage;
let lambda: Lambda;
const saved = { ...process.env };

beforeEach(async () => {
  stage = await setStage({
    seed: 7,
    start: 1_772_452_800,
    written,
    config: checkConfig('the test', written),
    temporary: tmpdir(),
    searchPath: process.env['PATH'] ?? '',
  });
  Object.assign(process.env, stage.environment);
  const handler = stage.makeHandler();
  lambda = new Lambda({
    timeline: stage.world.timeline,
    activity: stage.activity,
    periodSeconds: 300,
    invoke: (event, awsRequestId, remaining) =>
      handler(event, { awsRequestId, getRemainingTimeInMillis: () => remaining() * 1000 }),
    ended: () => undefined,
  });
  stage.world.runner.start();
  await pass(120);
});

afterEach(async () => {
  await stage.strike();
  process.env = { ...saved };
});

const pass = (seconds: number): Promise<void> =>
  drive(stage.world.timeline, stage.activity, stage.world.timeline.now + seconds);

/** Invokes the function and lets time pass until it has answered. */
async function invoke(event: unknown): Promise<Answer> {
  const invocation = lambda.invoke(event);
  await pass(299);
  const { answer, error } = await invocation;
  if (answer === undefined) throw error;
  return answer;
}

const listedAddresses = (): string[] => {
  const { runner } = stage.world;
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
    const both = Promise.all([lambda.invoke(TICK), lambda.invoke(TICK)]);
    await pass(200);
    const answers = (await both).map(({ answer }) => answer);
    expect(answers.map((answer) => answer?.result).toSorted()).toEqual(['busy', 'done']);
    const busy = answers.find((answer) => answer?.result === 'busy');
    expect(busy?.message).toMatch(/^tick invocation-\d#\d is at work/);
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
