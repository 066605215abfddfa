import {
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeLaunchTemplatesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SUBNET_B, X86_IMAGE } from '../region/bench.ts';
import { EndpointBench, errorName } from './bench.ts';

let bench: EndpointBench;
beforeEach(async () => {
  bench = await EndpointBench.start();
});
afterEach(() => bench.stop());

describe('launch templates', () => {
  it('are shown as they were made', async () => {
    const { LaunchTemplate } = await bench.createTemplate();
    const { LaunchTemplateVersions } = await bench.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: 'builders', Versions: ['$Latest'] }),
    );
    expect(LaunchTemplateVersions).toMatchObject([
      {
        LaunchTemplateId: LaunchTemplate?.LaunchTemplateId,
        VersionNumber: 1,
        DefaultVersion: true,
        LaunchTemplateData: {
          InstanceInitiatedShutdownBehavior: 'terminate',
          IamInstanceProfile: { Name: 'builder' },
          BlockDeviceMappings: [{ Ebs: { VolumeSize: 100 } }],
          NetworkInterfaces: [{ SubnetId: SUBNET_B }],
        },
      },
    ]);
  });

  it('are found by name or tag, versioned, and deleted', async () => {
    await bench.createTemplate();
    const added = await bench.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateName: 'builders',
        LaunchTemplateData: { ImageId: X86_IMAGE },
      }),
    );
    expect(added.LaunchTemplateVersion).toMatchObject({ VersionNumber: 2, DefaultVersion: false });
    const find = async (values: string[]) => {
      const Filters = [{ Name: 'tag:stack', Values: values }];
      const { LaunchTemplates } = await bench.ec2.send(new DescribeLaunchTemplatesCommand({ Filters }));
      return LaunchTemplates?.map(({ LatestVersionNumber }) => LatestVersionNumber);
    };
    expect(await find(['s'])).toEqual([2]);
    expect(await find(['other'])).toEqual([]);
    await bench.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: 'builders' }));
    expect(await find(['s'])).toEqual([]);
    const gone = new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ['builders'] });
    expect(await errorName(bench.ec2.send(gone))).toBe('InvalidLaunchTemplateName.NotFoundException');
  });
});
