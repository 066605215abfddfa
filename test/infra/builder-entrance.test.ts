/** What the stack makes for builders that register with a Rust queue runner, and what it no longer makes. */
import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { examineDeployment } from '../../infra/read-deployment.ts';
import { statement, statementsOf } from './policies.ts';
import { configFile, example, exampleWithHydra, resources, synth } from './synth.ts';
import type { Json, JsonObject } from './synth.ts';

const TOKEN = 'arn:aws:ssm:eu-central-1:123456789012:parameter/builders/token';
const ADDRESS = 'https://hydra.example.org:443';

/** A configuration with changes to its host and its deployment; null takes a setting out. */
function changed(
  base: Record<string, Json>,
  host: Record<string, Json>,
  deploy: Record<string, Json> = {},
): Record<string, Json> {
  const without = (settings: Json | undefined, changes: Record<string, Json>): JsonObject =>
    Object.fromEntries(
      Object.entries({ ...(settings as JsonObject), ...changes }).filter(([, value]) => value !== null),
    );
  return { ...base, host: without(base['host'], host), deploy: without(base['deploy'], deploy) };
}

const auto = changed(example(), { queueRunnerAddr: ADDRESS }, { queueRunnerToken: TOKEN });
const rust = changed(auto, { runner: 'rust', user: null }, { hydraSource: null, queueRunnerKey: null });
const ownHost = changed(exampleWithHydra(), { queueRunnerAddr: 'deploy.hydraHost' });

const groupOf = (template: Template, about: string): JsonObject =>
  Object.values(resources(template, 'AWS::EC2::SecurityGroup'))
    .map(({ Properties }) => Properties as JsonObject)
    .find(({ GroupDescription }) => String(GroupDescription).includes(about)) ?? {};
const launches = (template: Template): JsonObject[] =>
  Object.values(resources(template, 'AWS::EC2::LaunchTemplate')).map(
    ({ Properties }) => (Properties as JsonObject)['LaunchTemplateData'] as JsonObject,
  );
const idOf = (template: Template, type: string, part: string): string =>
  Object.keys(resources(template, type)).find((id) => id.includes(part)) ?? '';

describe('a farm that only has the C++ queue runner', () => {
  it.each([
    ['nobody said where another takes builders in', example()],
    ['it is named', changed(example(), { runner: 'cpp' })],
  ])('has nothing for another: %s', (_what, config) => {
    const template = synth({ config });
    expect(Object.keys(resources(template, 'AWS::SSM::Parameter'))).toEqual([
      expect.stringContaining('FarmClaim'),
    ]);
    expect(Object.keys(resources(template, 'AWS::EC2::SecurityGroup'))).toHaveLength(2);
    for (const launch of launches(template)) expect(JSON.stringify(launch)).toContain("queue_runner='cpp'");
  });
});

describe('a farm that may have either queue runner', () => {
  const template = synth({ config: auto });

  it('has machines that are reached by SSH, and are in the group the host lets in', () => {
    const group = idOf(template, 'AWS::EC2::SecurityGroup', 'BuilderEntrance');
    for (const launch of launches(template)) {
      expect(launch['SecurityGroupIds']).toEqual([
        { 'Fn::GetAtt': [expect.stringContaining('Machines'), 'GroupId'] },
        { 'Fn::GetAtt': [group, 'GroupId'] },
      ]);
      const text = JSON.stringify(launch);
      expect(text).toContain("queue_runner='auto'");
      expect(text).toContain(`queue_runner_addr='${ADDRESS}'`);
      expect(text).toContain(`queue_runner_token='${TOKEN}'`);
    }
    expect(groupOf(template, 'builders of x86_64-linux')['SecurityGroupIngress']).toHaveLength(1);
    expect(groupOf(template, 'all types')).not.toHaveProperty('SecurityGroupIngress');
  });

  it('lets the function launch into that group', () => {
    const launch = statement(statementsOf(template, 'AutoscalerReconcileRole'), 'LaunchInOurNetwork');
    expect(launch.resources.filter((arn) => arn.includes('security-group'))).toHaveLength(3);
  });

  it('lets machines read the token and the version, and nothing else of the kind', () => {
    const ofMachine = statementsOf(template, 'Machinesx8664linuxBuilderRole');
    expect(statement(ofMachine, 'ReadQueueRunnerToken')).toMatchObject({
      actions: ['ssm:GetParameter'],
      resources: [TOKEN],
    });
    expect(statement(ofMachine, 'ReadBuilderVersion')).toMatchObject({
      actions: ['ssm:GetParameter'],
      resources: [
        `arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/<${idOf(template, 'AWS::SSM::Parameter', 'BuilderVersion')}>`,
      ],
    });
  });

  it('tells people what their host needs of it', () => {
    expect(Object.keys(template.findOutputs('*'))).toEqual(
      expect.arrayContaining(['BuilderGroup', 'BuilderVersion']),
    );
    expect(Object.keys(synth().findOutputs('*'))).not.toContain('BuilderGroup');
  });

  it('passes cdk-nag and the CDK’s CloudFormation rules, as those of a Rust queue runner do', () => {
    for (const config of [auto, rust, ownHost]) expect(() => synth({ validate: true, config })).not.toThrow();
  }, 120_000);
});

describe('a farm of a Rust queue runner', () => {
  it('has machines nobody reaches, and needs neither source nor key', () => {
    const template = synth({ config: rust });
    expect(groupOf(template, 'builders of x86_64-linux')['SecurityGroupIngress']).toEqual([]);
    for (const launch of launches(template)) {
      expect(JSON.stringify(launch)).toContain("queue_runner='rust'");
      expect(JSON.stringify(launch)).toContain("queue_runner_key=''");
    }
  });
});

describe('a stack with a Hydra of its own, of either queue runner', () => {
  const template = synth({ config: ownHost });
  const hostId = idOf(template, 'AWS::EC2::Instance', 'HydraHost');
  const token = idOf(template, 'AWS::SecretsManager::Secret', 'Token');

  it('has a host that lets builders in and nobody else', () => {
    expect(groupOf(template, 'the Hydra host')['SecurityGroupIngress']).toEqual([
      expect.objectContaining({
        FromPort: 50_051,
        ToPort: 50_051,
        SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringContaining('BuilderEntrance'), 'GroupId'] },
      }),
    ]);
  });

  it('makes the token, which host and machines read and no template holds', () => {
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 48 },
    });
    for (const role of ['HydraHostRole', 'Machinesx8664linuxBuilderRole'])
      expect(statement(statementsOf(template, role), 'ReadQueueRunnerToken')).toMatchObject({
        actions: ['secretsmanager:GetSecretValue'],
        resources: [`<${token}>`],
      });
    expect(statement(statementsOf(template, 'HydraHostRole'), 'PublishBuilderVersion').actions).toEqual([
      'ssm:GetParameter',
      'ssm:PutParameter',
    ]);
  });

  it('tells machines the address of the host, and the host where to say its version', () => {
    const [launch] = launches(template);
    expect(JSON.stringify(launch)).toContain(
      `queue_runner_addr='http://",{"Fn::GetAtt":["${hostId}","PrivateIp"]},":50051'`,
    );
    const host = JSON.stringify(resources(template, 'AWS::EC2::Instance')[hostId]);
    expect(host).toContain(idOf(template, 'AWS::SSM::Parameter', 'BuilderVersion'));
    expect(host).toContain(token);
  });

  it('takes a token of the user’s, and then makes none', () => {
    const given = synth({ config: changed(ownHost, {}, { queueRunnerToken: TOKEN }) });
    expect(resources(given, 'AWS::SecretsManager::Secret')).toEqual({});
  });
});

describe('the rules of registering', () => {
  const found = (config: Record<string, Json>) => examineDeployment(configFile(config));
  const problems = (config: Record<string, Json>): readonly string[] =>
    found(config).problems.map(({ path, says }) => `${path} ${says}`);

  it.each([auto, rust, ownHost, example(), exampleWithHydra()])('are met', (config) => {
    expect(problems(config)).toEqual([]);
  });

  it('demand a token unless images bring one', () => {
    const without = changed(rust, {}, { queueRunnerToken: null });
    expect(problems(without)).toEqual([expect.stringMatching(/^deploy\.queueRunnerToken is missing/)]);
    const baked = changed(without, {}, { builder: { userData: 'none' } });
    expect(problems(baked)).toEqual([]);
    expect(resources(synth({ config: baked }), 'AWS::SecretsManager::Secret')).toEqual({});
  });

  it('warn of a token nobody registers with', () => {
    const { warnings } = found(changed(example(), {}, { queueRunnerToken: TOKEN }));
    expect(warnings.map(({ path }) => path)).toEqual(['deploy.queueRunnerToken']);
  });

  it.each([
    ['http://203.0.113.7:50051', 1],
    ['http://172.32.0.1', 1],
    ['https://203.0.113.7:443', 0],
    ['http://10.0.0.5:50051', 0],
    ['http://172.31.255.1:50051', 0],
    ['http://hydra.internal:50051', 0],
  ])('warn of a token that crosses the internet in the open: %s', (queueRunnerAddr, count) => {
    const { warnings, problems: wrong } = found(changed(auto, { queueRunnerAddr }));
    expect(warnings.filter(({ path }) => path === 'host.queueRunnerAddr')).toHaveLength(count);
    expect(wrong).toEqual([]);
  });

  it('hold host and address together', () => {
    expect(problems(changed(auto, { queueRunnerAddr: 'deploy.hydraHost' }))).toEqual([
      expect.stringMatching(
        /^host\.queueRunnerAddr is "deploy\.hydraHost", but there is no deploy\.hydraHost/,
      ),
    ]);
    expect(problems(changed(ownHost, { queueRunnerAddr: ADDRESS }))).toEqual([
      expect.stringMatching(/^host\.queueRunnerAddr .* write "deploy\.hydraHost"$/),
    ]);
  });
});
