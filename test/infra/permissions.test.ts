import { describe, expect, it } from 'vitest';
import { BUCKET, WILDCARDS } from '../../infra/wildcards.ts';
import { AWS_CALLS, INDIRECT_ACTIONS } from '../../lambdas/aws/calls.ts';
import { statement, statementsOf } from './policies.ts';
import { example, exampleWithHydra, fullConfig, synth } from './synth.ts';

const ROLE = 'AutoscalerReconcileRole';
/** Given by the CDK for the journal and for the record of a failed invocation; the program itself calls neither. */
const GIVEN_BY_LAMBDA = [
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'sqs:SendMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
];

const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-1111-2222-3333-444455556666';
const template = synth({ config: fullConfig() });
const statements = statementsOf(template, ROLE);
const granted = new Set(statements.flatMap(({ actions }) => actions));
const ofOurFarm = { StringEquals: { 'aws:ResourceTag/hydra-autoscaler:farm': 'hydra-autoscaler' } };
/** A tag anybody may write, and one that only EC2 does. */
const launchedByOurFarm = { ...ofOurFarm, StringLike: { 'aws:ResourceTag/aws:ec2:fleet-id': 'fleet-*' } };

describe('the function’s policy', () => {
  it('allows every call the adapters make, and no other', () => {
    const needed = [...AWS_CALLS, ...INDIRECT_ACTIONS].map(({ action }) => action);
    expect([...granted].filter((action) => !GIVEN_BY_LAMBDA.includes(action)).toSorted()).toEqual(
      needed.toSorted(),
    );
  });

  it('asks what EC2 would choose only where it may choose', () => {
    const listed = statementsOf(synth({ config: example() }), ROLE).flatMap(({ actions }) => actions);
    expect(listed).toContain('ec2:DescribeInstanceTypes');
    expect(listed).not.toContain('ec2:GetInstanceTypesFromInstanceRequirements');
    expect(listed).not.toContain('ec2:DescribeInstanceTypeOfferings');
  });

  it('runs only our documents, and only on the Hydra host and on our machines', () => {
    const runs = statements.filter(({ actions }) => actions.includes('ssm:SendCommand'));
    expect(runs.map(({ sid }) => sid)).toEqual(['RunOurDocuments', 'RunOnTheHydraHost', 'RunOnOurMachines']);
    const documents = statement(runs, 'RunOurDocuments').resources;
    expect(documents).toHaveLength(8);
    for (const document of documents) expect(document).toMatch(/:document\/<AutoscalerDocuments\w+>$/);
    expect(statement(runs, 'RunOnTheHydraHost').resources).toEqual([
      'arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:managed-instance/mi-0a1b2c3d4e5f60718',
    ]);
    expect(statement(runs, 'RunOnOurMachines').conditions).toEqual(launchedByOurFarm);
    const onEc2 = statementsOf(synth({ config: example() }), ROLE);
    expect(statement(onEc2, 'RunOnTheHydraHost').resources).toEqual([
      'arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:instance/i-0a1b2c3d4e5f60718',
    ]);
  });

  it('starts, stops and terminates only what bears the farm’s tag and EC2’s own mark of a fleet', () => {
    const ends = statements.filter(({ actions }) =>
      actions.some((action) => /(Start|Stop|Terminate)Instances/.test(action)),
    );
    expect(ends).toHaveLength(1);
    expect(ends[0]?.conditions).toEqual(launchedByOurFarm);
    expect(statement(statements, 'ReadOurConsoles').conditions).toEqual(launchedByOurFarm);
  });

  it('launches only tagged machines, from our templates, with images of the named owners', () => {
    const machines = statement(statements, 'LaunchTaggedMachines').conditions;
    // A context without the key must not refuse every launch: the template is checked for itself as well.
    expect(machines).not.toHaveProperty('ArnLike');
    expect(machines['StringEquals']).toEqual({ 'aws:RequestTag/hydra-autoscaler:farm': 'hydra-autoscaler' });
    expect(JSON.stringify(machines['ArnLikeIfExists'])).toMatch(
      /launch-template\/.*Machinesx8664linuxTemplate/,
    );
    expect(statement(statements, 'LaunchOurImages').conditions).toEqual({
      StringEquals: { 'ec2:Owner': ['427812963091', { Ref: 'AWS::AccountId' }] },
    });
    expect(statement(statements, 'LaunchNamedImages').resources).toEqual([
      'arn:<AWS::Partition>:ec2:<AWS::Region>::image/ami-0123456789abcdef0',
    ]);
    expect(statement(statements, 'LaunchFromTaggedTemplates').conditions).toEqual(ofOurFarm);
    for (const resource of statement(statements, 'LaunchFromOurTemplates').resources)
      expect(resource).toMatch(/:launch-template\/<\w+Template\w+>$/);
  });

  it('launches into the listed subnets only, where all types list theirs', () => {
    const { systemTypes, deploy, ...rest } = example();
    const subnets = ['subnet-0123456789abcdef0'];
    const config = { ...rest, deploy, systemTypes: { 'x86_64-linux': { subnets } } };
    const network = statement(statementsOf(synth({ config }), ROLE), 'LaunchInOurNetwork').resources;
    expect(network).toHaveLength(2);
    expect(network.toSorted()[1]).toMatch(/:subnet\/subnet-0123456789abcdef0$/);
    expect(network.toSorted()[0]).toMatch(/:security-group\/<\w+SecurityGroup\w*\.GroupId>$/);
    expect(systemTypes).toBeDefined();
  });

  it('passes builder roles on to EC2 and nothing else', () => {
    const { resources, conditions } = statement(statements, 'PassBuilderRoles');
    expect(conditions).toEqual({ StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } });
    expect(resources).toHaveLength(4);
    expect(resources.filter((arn) => !/^<\w+BuilderRole\w+\.Arn>$/.test(arn))).toEqual([
      'arn:aws:iam::123456789012:role/my-builder',
    ]);
  });

  it('can launch nothing at all where there are no machine types', () => {
    const { systemTypes, ...rest } = example();
    const idle = statementsOf(synth({ config: rest }), ROLE).flatMap(({ actions }) => actions);
    expect(systemTypes).toBeDefined();
    expect(idle).not.toContain('ec2:RunInstances');
    expect(idle).not.toContain('iam:PassRole');
  });

  it('reads the two quotas that launches run into, and no other', () => {
    const arn = 'arn:<AWS::Partition>:servicequotas:<AWS::Region>:<AWS::AccountId>:ec2';
    expect(statement(statements, 'SeeQuotas').resources).toEqual([`${arn}/L-1216C47A`, `${arn}/L-34B43A08`]);
  });

  it('asks for spot machines only where a type may be spot', () => {
    expect(statement(statements, 'AskForSpotMachines')).toMatchObject({
      actions: ['ec2:CreateFleet', 'ec2:RunInstances'],
      resources: ['arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:spot-instances-request/*'],
    });
    const onDemand = statementsOf(synth({ config: example() }), ROLE);
    expect(onDemand.map(({ sid }) => sid)).not.toContain('AskForSpotMachines');
    expect(JSON.stringify(onDemand)).not.toContain('spot-instances-request');
  });

  it('uses keys of the user through EC2 only, lends them to AWS only, and knows none by itself', () => {
    const byEc2 = {
      'kms:ViaService': {
        'Fn::Join': ['', ['ec2.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]],
      },
    };
    const [lend, use] = ['LendKeysOfDisks', 'UseKeysOfDisks'].map((sid) => statement(statements, sid));
    for (const one of [lend, use]) expect(one?.resources).toEqual([KEY]);
    expect(lend?.actions).toEqual(['kms:CreateGrant']);
    expect(lend?.conditions).toEqual({ StringEquals: byEc2, Bool: { 'kms:GrantIsForAWSResource': 'true' } });
    expect(use?.conditions).toEqual({ StringEquals: byEc2 });
    const without = statementsOf(synth({ config: example() }), '').flatMap(({ actions }) => actions);
    expect(without.filter((action) => action.startsWith('kms:'))).toEqual([]);
  });

  it('tags only while it launches', () => {
    expect(statement(statements, 'TagLaunches').conditions).toMatchObject({
      StringEquals: { 'ec2:CreateAction': ['RunInstances', 'CreateFleet'] },
    });
  });
});

describe('a `*` in any policy', () => {
  const withHydra = synth({ config: exampleWithHydra() });
  const found = [template, withHydra]
    .flatMap((one) => statementsOf(one, ''))
    .flatMap(({ sid, resources, actions }) =>
      [...resources, ...actions]
        .filter((text) => text.includes('*'))
        .map((text) => `${sid} ${text.replace(/:::(cache|private|<\w+CacheBucket\w+>)\//, `:::${BUCKET}/`)}`),
    );

  it('is on the list with its reason, and the list has no other', () => {
    const listed = WILDCARDS.flatMap(({ sids, resource }) => sids.map((sid) => `${sid} ${resource}`));
    expect([...new Set(found)].toSorted()).toEqual(listed.toSorted());
    for (const { because } of WILDCARDS) expect(because).not.toBe('');
  });
});

describe('a machine’s role', () => {
  it('reads what machines of its own farm may know, its upload secret, and writes to its cache', () => {
    const machine = statementsOf(template, 'Machinesaarch64linuxBuilderRole');
    const { actions, conditions } = statement(machine, 'SeeWhetherItIsWanted');
    expect(actions).toEqual(['dynamodb:GetItem']);
    expect(conditions).toEqual({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['hydra-autoscaler#heard'] },
    });
    expect(statement(machine, 'ReadUploadSecret').resources).toEqual([
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:nix-key-AbCdEf',
    ]);
    expect(statement(machine, 'UploadOutputs').resources).toEqual(['arn:<AWS::Partition>:s3:::cache/*']);
    const allowed = machine.flatMap(({ actions }) => actions);
    expect(allowed.filter((action) => /^(ec2|iam|lambda):/.test(action))).toEqual([]);
  });

  it('fetches from private substituters on S3, and writes nothing there', () => {
    const machine = statementsOf(template, 'Machinesaarch64linuxBuilderRole');
    const onCache = machine.filter(({ resources }) => resources.some((arn) => arn.includes(':::private')));
    expect(onCache).toMatchObject([
      { actions: ['s3:GetObject'], resources: ['arn:<AWS::Partition>:s3:::private/*'] },
      {
        actions: ['s3:GetBucketLocation', 's3:ListBucket'],
        resources: ['arn:<AWS::Partition>:s3:::private'],
      },
    ]);
    const publicOnly = statementsOf(synth({ config: example() }), 'BuilderRole');
    expect(publicOnly.flatMap(({ actions }) => actions).filter((action) => action.startsWith('s3:'))).toEqual(
      [],
    );
  });

  it('decrypts its secret and caches with keys of the user, through their services only', () => {
    const keys = statement(statementsOf(template, 'Machinesaarch64linuxBuilderRole'), 'UseKeysOfCaches');
    expect(keys.actions).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
    expect(keys.resources).toEqual([KEY]);
    expect(JSON.stringify(keys.conditions)).toMatch(
      /"kms:ViaService":.*"s3\.\*\.".*"secretsmanager\.\*\.".*"ssm\.\*\."/,
    );
  });
});
