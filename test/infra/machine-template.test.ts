import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { example, fullConfig, resources, synth } from './synth.ts';
import type { Json, JsonObject } from './synth.ts';

const data = (template: Template, name: string): JsonObject => {
  const found = Object.values(resources(template, 'AWS::EC2::LaunchTemplate')).find(
    ({ Properties }) => (Properties as JsonObject)['LaunchTemplateName'] === name,
  );
  return ((found?.['Properties'] as JsonObject | undefined)?.['LaunchTemplateData'] ?? {}) as JsonObject;
};

const withDeploy = (deploy: Record<string, Json>): Record<string, Json> => {
  const base = example();
  return { ...base, deploy: { ...(base['deploy'] as JsonObject), ...deploy } };
};

describe('a machine type’s launch template', () => {
  const template = synth({ config: fullConfig() });

  it('bears the name the function launches by, one a type, and none where the user has his own', () => {
    const names = Object.values(resources(template, 'AWS::EC2::LaunchTemplate')).map(
      ({ Properties }) => (Properties as JsonObject)['LaunchTemplateName'],
    );
    expect(names.toSorted()).toEqual([
      'hydra-autoscaler-aarch64-linux',
      'hydra-autoscaler-x86_64-linux',
      'hydra-autoscaler-x86_64-linux-kvm',
    ]);
  });

  it('pins neither image nor instance type nor subnet, which come with each launch', () => {
    const launch = data(template, 'hydra-autoscaler-x86_64-linux');
    for (const pinned of ['ImageId', 'InstanceType', 'NetworkInterfaces', 'KeyName', 'InstanceMarketOptions'])
      expect(launch).not.toHaveProperty(pinned);
  });

  it('ends a machine that powers itself off, demands IMDSv2 and encrypts a disk that goes with it', () => {
    expect(data(template, 'hydra-autoscaler-x86_64-linux')).toMatchObject({
      InstanceInitiatedShutdownBehavior: 'terminate',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/xvda',
          Ebs: { VolumeType: 'gp3', VolumeSize: 100, Encrypted: true, DeleteOnTermination: true },
        },
      ],
    });
  });

  it('tags machines, volumes and interfaces with farm, type and the user’s own tags', () => {
    const specifications = data(template, 'hydra-autoscaler-aarch64-linux')[
      'TagSpecifications'
    ] as JsonObject[];
    expect(specifications.map(({ ResourceType }) => ResourceType)).toEqual([
      'instance',
      'volume',
      'network-interface',
    ]);
    for (const { Tags } of specifications)
      expect(Tags).toEqual(
        expect.arrayContaining([
          { Key: 'hydra-autoscaler:farm', Value: 'hydra-autoscaler' },
          { Key: 'hydra-autoscaler:type', Value: 'aarch64-linux' },
          { Key: 'CostCenter', Value: 'ci' },
        ]),
      );
  });

  it('nests virtual machines only where that is asked for, and lets a type’s settings beat the common ones', () => {
    const kvm = data(template, 'hydra-autoscaler-x86_64-linux-kvm');
    expect(kvm).toMatchObject({
      CpuOptions: { NestedVirtualization: 'enabled' },
      BlockDeviceMappings: [{ Ebs: { VolumeSize: 200 } }],
    });
    expect(data(template, 'hydra-autoscaler-x86_64-linux')).not.toHaveProperty('CpuOptions');
  });

  it('lets nobody in but the Hydra host, on port 22', () => {
    const groups = Object.values(resources(synth(), 'AWS::EC2::SecurityGroup'));
    expect(groups).toHaveLength(2);
    for (const { Properties } of groups) {
      expect((Properties as JsonObject)['SecurityGroupIngress']).toEqual([
        expect.objectContaining({ FromPort: 22, ToPort: 22, SourceSecurityGroupId: 'sg-0a1b2c3d4e5f60718' }),
      ]);
      expect(Properties).not.toHaveProperty('VpcId');
    }
    const ranged = synth({
      config: {
        ...withDeploy({ hydraSource: '10.0.0.5/32', vpc: 'vpc-0123456789abcdef0' }),
        systemTypes: {
          'x86_64-linux': { subnets: ['subnet-0123456789abcdef0'] },
        },
      },
    });
    ranged.hasResourceProperties('AWS::EC2::SecurityGroup', {
      VpcId: 'vpc-0123456789abcdef0',
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.5/32' }],
    });
  });

  it('lets it in at the port of the type', () => {
    const moved = synth({ config: { ...example(), systemTypes: { 'x86_64-linux': { sshPort: 2222 } } } });
    moved.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [{ FromPort: 2222, ToPort: 2222 }],
    });
  });

  it('tells machines nothing where the image brings everything', () => {
    const baked = synth({ config: withDeploy({ builder: { userData: 'none' } }) });
    expect(data(baked, 'hydra-autoscaler-x86_64-linux')).not.toHaveProperty('UserData');
    expect(data(synth(), 'hydra-autoscaler-x86_64-linux')).toHaveProperty('UserData');
  });
});
