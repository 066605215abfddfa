import { describe, expect, it } from 'vitest';
import { statement, statementsOf } from './policies.ts';
import { exampleWithHydra, resources, synth } from './synth.ts';
import type { Json, JsonObject } from './synth.ts';

const withHost = (hydraHost: Record<string, Json>): Record<string, Json> => ({
  ...exampleWithHydra(),
  deploy: { hydraHost },
});

const everything = withHost({
  instanceType: 'm7g.xlarge',
  image: 'ami-0123456789abcdef0',
  diskGiB: 500,
  webSource: '203.0.113.0/24',
  url: 'https://hydra.example.org',
});

describe('a stack with a Hydra of its own', () => {
  const template = synth({ config: exampleWithHydra() });
  const [[hostId, host]] = Object.entries(resources(template, 'AWS::EC2::Instance')) as [
    [string, JsonObject],
  ];
  const properties = host['Properties'] as JsonObject;

  it('passes cdk-nag and the CDK’s CloudFormation rules, with the example and with everything given', () => {
    expect(() => synth({ validate: true, config: exampleWithHydra() })).not.toThrow();
    expect(() => synth({ validate: true, config: everything })).not.toThrow();
  }, 120_000);

  it('encrypts a disk that outlives the host, demands IMDSv2 and knows no key pair', () => {
    expect(properties).toMatchObject({
      InstanceType: 'm7i.large',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/xvda',
          Ebs: { VolumeType: 'gp3', VolumeSize: 200, Encrypted: true, DeleteOnTermination: false },
        },
      ],
    });
    expect(properties).not.toHaveProperty('KeyName');
  });

  it('never bears the tag by which the function ends machines', () => {
    expect(JSON.stringify(properties['Tags'])).not.toContain('hydra-autoscaler:farm');
    const tags = { 'hydra-autoscaler:farm': 'hydra-autoscaler' };
    expect(() => synth({ config: { ...exampleWithHydra(), deploy: { hydraHost: {}, tags } } })).toThrow(
      /or ours/,
    );
  });

  it('lets nobody in, or those who are named, by HTTPS', () => {
    const ingress = (given: unknown): Json | undefined => {
      const groups = Object.values(resources(synth({ config: given }), 'AWS::EC2::SecurityGroup'));
      const ofHost = groups.map(({ Properties }) => Properties as JsonObject);
      return ofHost.find(({ GroupDescription }) => String(GroupDescription).endsWith('the Hydra host'))?.[
        'SecurityGroupIngress'
      ];
    };
    expect(ingress(exampleWithHydra())).toEqual([]);
    expect(ingress(everything)).toEqual([
      expect.objectContaining({ FromPort: 80, ToPort: 80, CidrIp: '203.0.113.0/24' }),
      expect.objectContaining({ FromPort: 443, ToPort: 443, CidrIp: '203.0.113.0/24' }),
    ]);
  });

  it('tells the function the id of the host, and lets it command that host', () => {
    const environments = Object.values(resources(template, 'AWS::Lambda::Function')).map(
      ({ Properties }) =>
        ((Properties as JsonObject)['Environment'] as JsonObject | undefined)?.['Variables'],
    );
    expect(environments).toContainEqual(expect.objectContaining({ HOST_INSTANCE_ID: { Ref: hostId } }));
    const onHost = statement(statementsOf(template, 'AutoscalerReconcileRole'), 'RunOnTheHydraHost');
    expect(onHost.resources).toEqual([
      `arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:instance/<${hostId}>`,
    ]);
  });

  it('lets builders in from the host, and tells them where to read its key', () => {
    const builders = Object.values(resources(template, 'AWS::EC2::SecurityGroup'))
      .map(({ Properties }) => Properties as JsonObject)
      .filter(({ GroupDescription }) => String(GroupDescription).includes('builders'));
    expect(builders.map((group) => group['SecurityGroupIngress'])).toEqual([
      [
        expect.objectContaining({
          FromPort: 22,
          SourceSecurityGroupId: {
            'Fn::GetAtt': [expect.stringContaining('HydraHostSecurityGroup'), 'GroupId'],
          },
        }),
      ],
    ]);
    const parameters = Object.keys(resources(template, 'AWS::SSM::Parameter'));
    const [parameter = ''] = parameters.filter((id) => id.includes('HydraHost'));
    const [launch = {}] = Object.values(resources(template, 'AWS::EC2::LaunchTemplate'));
    expect(JSON.stringify(launch)).toMatch(
      new RegExp(`queue_runner_key_parameter='",\\{"Ref":"${parameter}"\\}`),
    );
    const read = statement(statementsOf(template, 'Machinesx8664linuxBuilderRole'), 'ReadQueueRunnerKey');
    expect(read.resources).toEqual([
      `arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/<${parameter}>`,
    ]);
  });

  it('permits the host to answer SSM, keep outputs and publish its key, and nothing else', () => {
    const statements = statementsOf(template, 'HydraHostRole');
    expect(statements.map(({ sid }) => sid).toSorted()).toEqual([
      'AnswerSsm',
      'FindOutputs',
      'KeepOutputs',
      'PublishQueueRunnerKey',
    ]);
    expect(statement(statements, 'PublishQueueRunnerKey').actions).toEqual([
      'ssm:GetParameter',
      'ssm:PutParameter',
    ]);
    expect(statement(statements, 'KeepOutputs').actions).not.toContain('s3:DeleteObject');
  });

  it('keeps the cache private, by TLS only, beyond the stack, and cheap when it is not read', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: {
          Rules: [
            {
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
              Transitions: [{ StorageClass: 'INTELLIGENT_TIERING', TransitionInDays: 30 }],
            },
          ],
        },
      },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
      },
    });
  });

  it('looks the image up while it is deployed, for the processor of the host, or takes the one that is named', () => {
    expect(JSON.stringify(properties['ImageId'])).toContain('"ImageId"');
    const lookup = (given: unknown) => synth({ config: given }).findResources('Custom::NewestImage');
    expect(Object.values(lookup(exampleWithHydra()))).toMatchObject([
      { Properties: { Architecture: 'x86_64' } },
    ]);
    expect(Object.values(lookup(withHost({ instanceType: 'm7g.large' })))).toMatchObject([
      { Properties: { Owner: '427812963091', Name: 'nixos/26.05*', Architecture: 'arm64' } },
    ]);
    expect(lookup(everything)).toEqual({});
  });

  it('gives each function a bundle of its own', () => {
    const functions = Object.values(
      resources(synth({ config: exampleWithHydra(), bundle: true }), 'AWS::Lambda::Function'),
    );
    const codes = functions.map(({ Properties }) => JSON.stringify((Properties as JsonObject)['Code']));
    expect(new Set(codes).size).toBe(2);
  });

  it('tells how to follow the setup, reach the pages and read what the host made', () => {
    const outputs = template.toJSON()['Outputs'] as Record<string, JsonObject>;
    const command = (name: string): string => JSON.stringify(outputs[name]?.['Value']);
    for (const name of ['HydraSetup', 'HydraWeb', 'HydraPassword', 'HydraCacheKey'])
      expect(command(name)).toMatch(
        /^.*aws ssm start-session --region .* --target .* --document-name AWS-Start/,
      );
    expect(command('HydraWeb')).toContain('AWS-StartPortForwardingSession');
    expect(command('HydraPassword')).toContain('/var/lib/hydra-host/admin-password');
    expect(Object.keys(synth().toJSON()['Outputs'] as JsonObject)).not.toContain('HydraWeb');
  });
});

describe('a configuration with a Hydra of its own', () => {
  const problems = (changes: Record<string, Json>) => () =>
    synth({ config: { ...exampleWithHydra(), ...changes } });

  it.each([
    ['the host named', { host: { instanceId: 'i-0123456789abcdef0' } }, /write "deploy\.hydraHost"/],
    ['a host to name', { deploy: {} }, /there is no deploy\.hydraHost; add it/],
    [
      'no other source',
      { deploy: { hydraHost: {}, hydraSource: '10.0.0.5/32' } },
      /deploy\.hydraSource: comes from/,
    ],
    [
      'the host’s key file',
      { systemTypes: { 'x86_64-linux': { sshKey: '/root/key' } } },
      /sshKey: is \/root\/key; on/,
    ],
    [
      'a subnet in another VPC',
      { deploy: { hydraHost: {}, vpc: 'vpc-0123456789abcdef0' } },
      /deploy\.hydraHost\.subnet/,
    ],
    ['memory', { deploy: { hydraHost: { instanceType: 't3.medium' } } }, /t3\.medium has too little memory/],
    ['known keys', { deploy: { hydraHost: { diskGib: 100 } } }, /did you mean "diskGiB"/],
    ['plain words', { deploy: { hydraHost: { url: 'http://x/"' } } }, /must be an address/],
  ])('needs %s', (_what, changes, problem) => {
    expect(problems(changes)).toThrow(problem);
  });
});
