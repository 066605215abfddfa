/** `npm run init` with an account to ask: the local region, over HTTP, with the SDK's clients. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig } from '../../../lambdas/config-file/config-file.ts';
import { readJsonText } from '../../../lambdas/config-file/json-text.ts';
import { troubleInWords } from '../../../local/programs/init/account-error.ts';
import { Account } from '../../../local/programs/init/account.ts';
import type { Answers } from '../../../local/programs/init/answers.ts';
import { deliver } from '../../../local/programs/init/deliver.ts';
import { hostLookIn, hostScript } from '../../../local/programs/init/host-script.ts';
import { settle } from '../../../local/programs/init/settle.ts';
import { configText } from '../../../local/programs/init/write.ts';
import { seedHost } from '../../../local/programs/start/seed-host.ts';
import { serveStage } from '../../../local/programs/start/served-stage.ts';
import type { ServedStage } from '../../../local/programs/start/served-stage.ts';
import { Pacer } from '../../../local/world/pacer.ts';
import { needs } from '../../needs.ts';

const HOST = 'i-0a11ce0fa57acc0de';
/** Simulated seconds per real one. */
const SPEED = 30;
const written = { tag: 'init-test', host: { instanceId: HOST }, systemTypes: { 'x86_64-linux': {} } };

let served: ServedStage;
let pacer: Pacer;
let directory: string;

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'init-account-'));
  const config = checkConfig('the test', written);
  served = await serveStage({
    ...{ seed: 7, start: 1_772_452_800, written, config },
    ...{ temporary: directory, searchPath: process.env['PATH'] ?? '' },
  });
  seedHost(served.stage.world);
  served.stage.world.runner.start();
  pacer = new Pacer(served.stage.world.timeline, { speed: SPEED, milliseconds: () => performance.now() });
  pacer.start();
});
afterEach(async () => {
  pacer.stop();
  await served.strike();
  rmSync(directory, { recursive: true, force: true });
});

function openAccount(): { readonly account: Account; readonly told: string[] } {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const place = { endpoint: served.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  const clients = {
    ec2: new EC2Client(place),
    ssm: new SSMClient(place),
    quotas: new ServiceQuotasClient(place),
  };
  const clock = {
    now: () => served.stage.now,
    sleep: (seconds: number) => setTimeout((seconds * 1000) / SPEED),
  };
  const told: string[] = [];
  return { told, account: new Account({ ...clients, clock, tell: (words) => told.push(words) }) };
}

const settled = (account: Account, answers: Answers) => settle(answers, { facts: (so) => account.facts(so) });
const namesOf = (missing: readonly { readonly name: string }[]) => missing.map(({ name }) => name);

describe('an account with one Hydra host', () => {
  it('says all there is to say; what comes of it passes the check', async () => {
    const { account, told } = openAccount();
    const { decided } = await settled(account, {});
    expect({ missing: decided.missing, troubles: account.troubles }).toEqual({ missing: [], troubles: [] });
    expect(told).toEqual([expect.stringContaining(HOST)]);
    const file = path.join(directory, 'autoscaler.json');
    const checked = deliver({
      file,
      text: configText(decided.settings, [], './schema.json'),
      replace: false,
    });
    expect(checked).toMatchObject({ problems: [], warnings: [] });
    const config = readJsonText(readFileSync(file, 'utf8')).reading.value;
    expect(config).toMatchObject({
      host: { instanceId: HOST },
      systemTypes: { 'x86_64-linux': { instanceTypes: ['c7i.2xlarge', 'c7a.2xlarge'] } },
      deploy: {
        hydraSource: 'sg-0dddddddddddddddd',
        queueRunnerKey: expect.stringMatching(/^ssh-ed25519 /) as string,
      },
    });
  });
});

describe('an account that says less', () => {
  it('costs one answer for each call it refuses, with the remedy', async () => {
    const { faults } = served.stage.world.region;
    for (const action of ['SendCommand', 'DescribeInstances', 'GetServiceQuota'])
      faults.next(action, { kind: 'error', code: 'AccessDeniedException', message: 'You may not.' });
    const { account } = openAccount();
    const { decided } = await settled(account, {});
    expect(namesOf(decided.missing)).toEqual(['hydraSource', 'queueRunnerKey']);
    const words = account.troubles.map(troubleInWords).join('\n');
    expect(words).toMatch(
      /ec2:DescribeInstances .*did not help \(AccessDeniedException: You may not\.\): let your role call it, or say --hydra-source/,
    );
    expect(words).toMatch(/ssm:SendCommand to i-\w+ did not help .*say --queue-runner-key/);
    expect(words).toMatch(/servicequotas:GetServiceQuota/);
  });

  it('with several hosts has a person choose, and runs nothing on any', async () => {
    const { region } = served.stage.world;
    const [image] = region.images.all;
    region.adjust({ ssmRegistrationSeconds: [0, 1] });
    region.seed({
      instanceId: 'i-0b22ce0fa57acc0de',
      instanceType: 'm7i.large',
      imageId: image?.imageId ?? '',
      tags: { Name: 'hydra-2' },
    });
    region.seed({
      instanceType: 'm7i.large',
      imageId: image?.imageId ?? '',
      tags: { 'hydra-autoscaler:farm': 'other' },
    });
    while (region.ssm.nodes.all.length < 3) await setTimeout(10);
    const { account, told } = openAccount();
    const { decided } = await settled(account, {});
    expect(decided.missing[0]).toMatchObject({ name: 'host' });
    expect(decided.missing[0]?.choices.map((choice) => choice.split(' ')[0])).toEqual([
      HOST,
      'i-0b22ce0fa57acc0de',
    ]);
    expect(told).toEqual([]);
  });

  it('is not asked about hosts where there is to be a new Hydra', async () => {
    const { account, told } = openAccount();
    const { decided } = await settled(account, { hydra: 'new' });
    expect({ missing: decided.missing, told }).toEqual({ missing: [], told: [] });
    expect(
      decided.settings.find(({ path: [first, second] }) => first === 'deploy' && second === 'hydraHost'),
    ).toBeDefined();
  });
});

describe('what runs on the host', () => {
  it('passes shellcheck, and holds nothing that SSM would fill in', (context) => {
    expect(hostScript()).not.toContain('{{');
    needs(context, 'shellcheck');
    const checked = spawnSync('shellcheck', ['-s', 'sh', '-S', 'warning', '-'], {
      input: hostScript(),
      encoding: 'utf8',
    });
    expect(checked.stdout).toBe('');
  });

  it.each(['', 'nonsense', 'system x86_64-linux\nhydra-autoscaler 1 inspect\nrunner'])(
    'is not believed when its answer is cut off: %j',
    (stdout) => {
      expect(hostLookIn(stdout).ok).toBe(false);
    },
  );
});
