/** A Hydra host the stack made: the configuration cannot know its id, the function’s environment does. */
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig } from '../../lambdas/config-file/config-file.ts';
import { createHandler } from '../../lambdas/reconcile/handler.ts';
import type { Answer } from '../../lambdas/reconcile/answer.ts';
import { serveStage } from '../../local/programs/start/served-stage.ts';
import type { ServedStage, ServedStageOptions } from '../../local/programs/start/served-stage.ts';

const REAL = 'i-0abcdef0123456789';
const onHost = (instanceId: string) => ({ host: { instanceId }, systemTypes: { 'x86_64-linux': {} } });

const options = {
  seed: 1,
  start: 1_772_452_800,
  temporary: tmpdir(),
  searchPath: process.env['PATH'] ?? '',
};

let served: ServedStage;
const saved = { ...process.env };

async function serve(farm: Pick<ServedStageOptions, 'written' | 'config'>): Promise<void> {
  served = await serveStage({ ...options, ...farm });
  Object.assign(process.env, served.environment);
  served.stage.world.runner.start();
  await served.stage.pass(120);
}

beforeEach(async () => {
  const written = onHost('deploy.hydraHost');
  await serve({ written, config: checkConfig('the test', onHost(REAL)) });
});

afterEach(async () => {
  await served.strike();
  process.env = { ...saved };
});

/** What a function with more in its environment answers. */
async function answered(event: object, environment: Record<string, string>): Promise<Answer> {
  const { stage } = served;
  const handler = createHandler({ ...served.environment, ...environment }, stage.clock, () => '1');
  const context = { awsRequestId: 'status', getRemainingTimeInMillis: () => 300_000 };
  const asked = stage.activity.during(() => handler(event, context));
  await stage.pass(299);
  return asked;
}

const status = (environment: Record<string, string>): Promise<Answer> =>
  answered({ status: true }, environment);

describe('the subnets of machines', () => {
  it('are those of the environment where an app of somebody’s own has made them', async () => {
    const id = 'subnet-0123456789abcdef0';
    expect(JSON.stringify(await answered({ doctor: true }, { SUBNETS: `${id},subnet-0a1b2c3d` }))).toContain(
      id,
    );
    expect(JSON.stringify(await answered({ doctor: true }, {}))).not.toContain(id);
  });

  it('are refused where they are none', () => {
    const environment = { ...served.environment, SUBNETS: 'subnet-0a1b2c3d,' };
    expect(() => createHandler(environment, served.stage.clock, () => '1')).toThrow(/must be subnet ids/);
  });
});

describe('the id of the Hydra host', () => {
  it('is taken from the environment where the stack made the host', async () => {
    expect(await status({ HOST_INSTANCE_ID: REAL })).toMatchObject({ result: 'status', queue: 'trusted' });
  });

  it('is the stage’s own where a farm with a Hydra of its own is played through', async () => {
    await served.strike();
    const written = onHost('deploy.hydraHost');
    await serve({ written, config: checkConfig('the test', written) });
    expect(await status({})).toMatchObject({ result: 'status', queue: 'trusted' });
  });

  it('is missing without it, which the status says', async () => {
    const answer = await status({});
    expect(JSON.stringify(answer)).toContain('deploy.hydraHost');
    expect(answer).not.toMatchObject({ queue: 'trusted' });
  });

  it('is refused where it is none', () => {
    const environment = { ...served.environment, HOST_INSTANCE_ID: 'deploy.hydraHost' };
    expect(() => createHandler(environment, served.stage.clock, () => '1')).toThrow(
      /must be an EC2 instance id/,
    );
  });
});
