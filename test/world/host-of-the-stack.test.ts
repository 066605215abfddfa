/** A Hydra host the stack made: the configuration cannot know its id, the function’s environment does. */
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig } from '../../lambdas/config-file/config-file.ts';
import { createHandler } from '../../lambdas/reconcile/handler.ts';
import type { Answer } from '../../lambdas/reconcile/answer.ts';
import { drive } from '../../local/world/drive/drive.ts';
import { Lambda } from '../../local/world/drive/lambda.ts';
import { setStage } from '../../local/programs/start/stage.ts';
import type { Stage } from '../../local/programs/start/stage.ts';

const REAL = 'i-0abcdef0123456789';
const onHost = (instanceId: string) => ({ host: { instanceId }, systemTypes: { 'x86_64-linux': {} } });

const options = {
  seed: 1,
  start: 1_772_452_800,
  temporary: tmpdir(),
  searchPath: process.env['PATH'] ?? '',
};

let stage: Stage;
const saved = { ...process.env };

beforeEach(async () => {
  stage = await setStage({
    ...options,
    written: onHost('deploy.hydraHost'),
    config: checkConfig('the test', onHost(REAL)),
  });
  Object.assign(process.env, stage.environment);
  stage.world.runner.start();
  await pass(120);
});

afterEach(async () => {
  await stage.strike();
  process.env = { ...saved };
});

const pass = (seconds: number): Promise<void> =>
  drive(stage.world.timeline, stage.activity, stage.world.timeline.now + seconds);

async function status(environment: Record<string, string>): Promise<Answer | undefined> {
  const handler = createHandler({ ...stage.environment, ...environment }, stage.clock, () => '1');
  const lambda = new Lambda({
    timeline: stage.world.timeline,
    activity: stage.activity,
    periodSeconds: 300,
    invoke: (event, awsRequestId, remaining) =>
      handler(event, { awsRequestId, getRemainingTimeInMillis: () => remaining() * 1000 }),
    ended: () => undefined,
  });
  const invocation = lambda.invoke({ status: true });
  await pass(299);
  return (await invocation).answer;
}

describe('the id of the Hydra host', () => {
  it('is taken from the environment where the stack made the host', async () => {
    expect(await status({ HOST_INSTANCE_ID: REAL })).toMatchObject({ result: 'status', queue: 'trusted' });
  });

  it('is the stage’s own where a farm with a Hydra of its own is played through', async () => {
    await stage.strike();
    const written = onHost('deploy.hydraHost');
    stage = await setStage({ ...options, written, config: checkConfig('the test', written) });
    Object.assign(process.env, stage.environment);
    stage.world.runner.start();
    await pass(120);
    expect(await status({})).toMatchObject({ result: 'status', queue: 'trusted' });
  });

  it('is missing without it, which the status says', async () => {
    const answer = await status({});
    expect(JSON.stringify(answer)).toContain('deploy.hydraHost');
    expect(answer).not.toMatchObject({ queue: 'trusted' });
  });

  it('is refused where it is none', () => {
    const environment = { ...stage.environment, HOST_INSTANCE_ID: 'deploy.hydraHost' };
    expect(() => createHandler(environment, stage.clock, () => '1')).toThrow(/must be an EC2 instance id/);
  });
});
