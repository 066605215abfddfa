import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDeployment } from '../../infra/read-deployment.ts';
import { ConfigError } from '../../lambdas/config-file/config-file.ts';
import { configFile, EXAMPLE, example, makeStack } from './synth.ts';
import type { Json, JsonObject } from './synth.ts';

function problemsOf(config: unknown): Record<string, string> {
  try {
    readDeployment(configFile(config));
    return {};
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return Object.fromEntries(error.problems.map(({ path, says }) => [path, says]));
  }
}

const REQUIRED = { vCpus: { min: 8 }, memoryGiB: { min: 16 } };

const warningsOf = (file: string) =>
  Annotations.fromStack(makeStack({ props: { farm: file } })).findWarning(
    '*',
    Match.stringLikeRegexp('still that of the example'),
  );

function deploying(deploy: Record<string, Json>, type: Record<string, Json> = {}): Record<string, Json> {
  const base = example();
  return {
    ...base,
    deploy: { ...(base['deploy'] as JsonObject), ...deploy },
    systemTypes: { 'x86_64-linux': type },
  };
}

describe('the example configuration', () => {
  it('can be deployed, and launches nothing until somebody switches that on', () => {
    const { config, builders } = readDeployment(EXAMPLE);
    expect(config.observeOnly).toBe(true);
    expect(builders.map(({ type }) => type.key)).toEqual(['x86_64-linux', 'aarch64-linux']);
  });
});

describe('a configuration that cannot be deployed', () => {
  it('is a copy of the example with nothing filled in, and is told what to write where', () => {
    const copy: unknown = JSON.parse(readFileSync(EXAMPLE, 'utf8'));
    const problems = problemsOf(copy);
    expect(Object.keys(problems)).toEqual(['host.instanceId', 'deploy.hydraSource', 'deploy.queueRunnerKey']);
    expect(problems['host.instanceId']).toMatch(/still that of the example; write the id/);
    expect(problems['deploy.queueRunnerKey']).toContain('ssh-keygen -y -f');
    const imported = { ...example(), host: { instanceId: 'i-00000000000000000' } };
    expect(problemsOf(imported)['host.instanceId']).toMatch(/is nobody’s; write the id/);
    // The example itself is let through, for people to look at.
    expect(warningsOf(EXAMPLE)).toHaveLength(3);
    expect(warningsOf(configFile(example()))).toEqual([]);
  });

  it('has more for the Hydra host than its documents can hold', () => {
    const host = { instanceId: 'i-0a1b2c3d4e5f60718', environment: { LONG: 'x'.repeat(40_000) } };
    expect(problemsOf({ ...example(), host }).host).toMatch(
      /more in statusCommand and environment than fits/,
    );
  });

  it('is told everything the builders need at once', () => {
    const { deploy, ...rest } = example();
    expect(deploy).toBeDefined();
    expect(Object.keys(problemsOf(rest))).toEqual(['deploy.hydraSource', 'deploy.queueRunnerKey']);
    expect(problemsOf({ ...rest, systemTypes: {} })).toEqual({});
  });

  it.each([
    ['subnets of the VPC', deploying({ vpc: 'vpc-0123456789abcdef0' }), 'systemTypes.x86_64-linux.subnets'],
    ['a machine type behind every builder', deploying({ builders: { arm: {} } }), 'deploy.builders.arm'],
    [
      'a template that is ours to change',
      deploying({ builders: { 'x86_64-linux': {} } }, { launchTemplate: 'mine' }),
      'deploy.builders.x86_64-linux',
    ],
    [
      'machines that have kvm where it is offered',
      deploying({}, { supportedFeatures: ['kvm'] }),
      'deploy.builders.x86_64-linux.nestedVirtualization',
    ],
    [
      'families that can nest',
      deploying({ builder: { nestedVirtualization: true } }, { instanceTypes: ['c7i.large'] }),
      'deploy.builders.x86_64-linux.nestedVirtualization',
    ],
    [
      'on-demand machines to nest in',
      deploying(
        { builder: { nestedVirtualization: true } },
        { instanceTypes: ['c8i.large'], market: 'spot' },
      ),
      'deploy.builders.x86_64-linux.nestedVirtualization',
    ],
    [
      'a local disk to build on',
      deploying(
        { builder: { buildDirectory: 'instance-store' } },
        { instanceTypes: ['c6id.large', 'c6i.large'] },
      ),
      'deploy.builders.x86_64-linux.buildDirectory',
    ],
    [
      'named families to nest in, not a choice of EC2',
      deploying({ builder: { nestedVirtualization: true } }, { instanceRequirements: REQUIRED }),
      'deploy.builders.x86_64-linux.nestedVirtualization',
    ],
    [
      'kvm that is real, whatever EC2 may choose',
      deploying({}, { supportedFeatures: ['kvm'], instanceRequirements: REQUIRED }),
      'deploy.builders.x86_64-linux.nestedVirtualization',
    ],
    [
      'a local disk of what EC2 chooses to build on',
      deploying({ builder: { buildDirectory: 'instance-store' } }, { instanceRequirements: REQUIRED }),
      'deploy.builders.x86_64-linux.buildDirectory',
    ],
    [
      'one way to choose machines',
      deploying({}, { instanceRequirements: REQUIRED, instanceTypes: ['c7i.large'] }),
      'systemTypes.x86_64-linux.instanceRequirements',
    ],
    [
      'operations for the throughput',
      deploying({ builder: { diskThroughput: 1000 } }),
      'deploy.builders.x86_64-linux.diskThroughput',
    ],
    [
      'a client for Cachix',
      deploying({
        builder: { upload: { to: 'cachix:mine', secret: 'arn:aws:ssm:eu-west-1:123456789012:parameter/t' } },
      }),
      'deploy.builders.x86_64-linux.upload',
    ],
    [
      'a dead-man switch that outlasts missed ticks',
      { ...deploying({}, { billing: 'per-second' }), schedule: 'rate(40 minutes)' },
      'deploy.builders.x86_64-linux.deadManMinutes',
    ],
    ['build users for all slots', deploying({}, { maxJobs: 33 }), 'deploy.builders.x86_64-linux.userData'],
  ])('needs %s', (_what, config, path) => {
    expect(Object.keys(problemsOf(config))).toEqual([path]);
  });

  it('may build on the local disk that EC2 is to choose', () => {
    const onDisk = { instanceRequirements: { ...REQUIRED, localDisk: true } };
    expect(problemsOf(deploying({ builder: { buildDirectory: 'instance-store' } }, onDisk))).toEqual({});
  });

  it('may offer kvm on bare metal and nested', () => {
    const kvm = { supportedFeatures: ['kvm'] };
    expect(problemsOf(deploying({}, { ...kvm, instanceTypes: ['c7i.metal-24xl', 'm5.metal'] }))).toEqual({});
    const nested = deploying(
      { builder: { nestedVirtualization: true } },
      { ...kvm, instanceTypes: ['r8i-flex.large'] },
    );
    expect(problemsOf(nested)).toEqual({});
  });

  it.each([
    ['a quote', "ssh-ed25519 AAAA'; reboot"],
    ['a line break', 'ssh-ed25519 AAAA x\nssh-ed25519 BBBB'],
    ['options', 'command="sh" ssh-ed25519 AAAA'],
  ])('may not smuggle %s into the authorised key', (_what, queueRunnerKey) => {
    expect(problemsOf(deploying({ queueRunnerKey }))).toEqual({
      'deploy.queueRunnerKey': 'must be one public key line',
    });
  });

  it('is told what is wrong with the deployment beside what is wrong with the configuration', () => {
    const config = {
      ...deploying({ hydraSource: 'everywhere', builder: { diskThroughput: 1000 } }, { maxMachine: 4 }),
      schedule: 'often',
    };
    expect(Object.keys(problemsOf(config)).toSorted()).toEqual([
      'deploy.builders.x86_64-linux.diskThroughput',
      'deploy.hydraSource',
      'schedule',
      'systemTypes.x86_64-linux.maxMachine',
    ]);
  });

  it('is told nothing that would be gone once another problem is mended', () => {
    const kvm = { supportedFeatures: ['kvm'], instanceTypes: 'c7i.metal-24xl' };
    const config = deploying(
      { builder: { diskThroughput: 1000, diskIops: '16000' }, hydraSource: null },
      kvm,
    );
    expect(Object.keys(problemsOf(config)).toSorted()).toEqual([
      'deploy.builder.diskIops',
      'deploy.hydraSource',
      'systemTypes.x86_64-linux.instanceTypes',
    ]);
  });

  it('is told of misspelt keys at every depth', () => {
    expect(problemsOf(deploying({ hydraSurce: 'x' }))['deploy.hydraSurce']).toContain('hydraSource');
    expect(problemsOf(deploying({ builder: { diskGib: 1 } }))['deploy.builder.diskGib']).toContain('diskGiB');
    expect(
      problemsOf(deploying({ builders: { 'x86_64-linux': { swapGB: 1 } } }))[
        'deploy.builders.x86_64-linux.swapGB'
      ],
    ).toContain('swapGiB');
  });
});

describe('an upload', () => {
  const [secret, signingKey] = ['token', 'key'].map(
    (name) => `arn:aws:ssm:eu-west-1:123456789012:parameter/${name}`,
  );
  const faultOf = (upload: Record<string, string | undefined>, more: Record<string, Json> = {}) =>
    problemsOf(deploying({ builder: { ...more, upload: JSON.parse(JSON.stringify(upload)) as Json } }))[
      'deploy.builders.x86_64-linux.upload'
    ];
  const program = '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-cachix-1.7';

  it.each([
    ['to Cachix with a token', { to: 'cachix:mine', secret, program }, {}],
    ['to Cachix with the key of the cache alone', { to: 'cachix:mine', signingKey, program }, {}],
    [
      'to Cachix from an image that brings the client',
      { to: 'cachix:mine', signingKey },
      { userData: 'none' },
    ],
    ['to S3', { to: 's3://mine?region=eu-west-1', secret }, {}],
  ] as const)('is whole: %s', (_what, upload, more) => {
    expect(faultOf(upload, more)).toBeUndefined();
  });

  it.each([
    [{ to: 'cachix:mine', program }, 'needs `secret`'],
    [{ to: 'cachix:mine', signingKey }, 'needs `program`'],
    [{ to: 's3://mine?region=eu-west-1' }, 'needs `secret`'],
    [{ to: 's3://mine?region=eu-west-1', secret, signingKey }, 'instead of in `signingKey`'],
    [{ to: 's3://mine?region=eu-west-1', secret, program }, 'remove `program`'],
  ])('lacks something, or has too much: %j', (upload, words) => {
    expect(faultOf(upload)).toContain(words);
  });
});
