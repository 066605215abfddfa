import { afterEach, describe, expect, it } from 'vitest';
import { listIn, ok, refused, startCannedEc2 } from './canned-ec2.ts';
import type { Answering, CannedEc2 } from './canned-ec2.ts';
import type { Prerequisites } from '../../../lambdas/core/doctor/finding.ts';
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import { fleetAt, machineType } from './samples.ts';

const IMAGE = 'ami-01111111111111111';

let ec2: CannedEc2;
afterEach(() => ec2.close());

const instanceType = (name: string, rest: string): string =>
  `<item><instanceType>${name}</instanceType>${rest}</item>`;
const sized = (name: string): string =>
  instanceType(
    name,
    '<vCpuInfo><defaultVCpus>8</defaultVCpus></vCpuInfo><processorInfo><supportedArchitectures><item>i386</item><item>x86_64</item></supportedArchitectures></processorInfo>',
  );

const HEALTHY: Readonly<Record<string, string>> = {
  DescribeImages: `<imagesSet><item><imageId>${IMAGE}</imageId></item></imagesSet>`,
  DescribeInstanceTypes: `<instanceTypeSet>${machineType.instanceTypes.map(sized).join('')}</instanceTypeSet>`,
  DescribeLaunchTemplates:
    '<launchTemplates><item><launchTemplateId>lt-1</launchTemplateId></item></launchTemplates>',
  DescribeSubnets: '<subnetSet></subnetSet>',
};

/** What is found where EC2 answers one action in another way than a healthy one. */
async function foundWith(
  action: string,
  answering: Answering,
  type: MachineType = machineType,
): Promise<Prerequisites> {
  ec2 = await startCannedEc2((call) => {
    const asked = call.get('Action') ?? '';
    return asked === action ? answering(call) : ok(asked, HEALTHY[asked] ?? '');
  });
  return fleetAt(ec2).prerequisites(type);
}

describe('an image that is named by its id', () => {
  it('is asked for by that id, deprecated or not, as long as it can be launched', async () => {
    const { image } = await foundWith('', () => 'connection lost');
    expect(image).toEqual({ ok: true, value: { id: IMAGE, isFromMarketplace: false } });
    const [asked] = ec2.callsOf('DescribeImages');
    if (asked === undefined) throw new Error('nobody asked');
    expect(listIn(asked, 'ImageId')).toEqual([IMAGE]);
    expect(Object.fromEntries(asked)).toMatchObject({
      IncludeDeprecated: 'true',
      'Filter.1.Name': 'state',
      'Filter.1.Value.1': 'available',
    });
  });

  it('is missing where AWS lists nothing under it, as for a while after it was deregistered', async () => {
    const { image } = await foundWith('DescribeImages', () =>
      ok('DescribeImages', '<imagesSet></imagesSet>'),
    );
    expect(image).toEqual({ ok: false, problem: { says: `no available image matches ${IMAGE}` } });
  });

  it.each([
    ['devpay', false],
    ['marketplace', true],
  ])('with a product code of type %s is from the Marketplace: %s', async (type, isFromMarketplace) => {
    const images = `<imagesSet><item><imageId>${IMAGE}</imageId><platformDetails>Linux/UNIX</platformDetails><productCodes><item><productCode>c</productCode><type>${type}</type></item></productCodes></item></imagesSet>`;
    const { image } = await foundWith('DescribeImages', () => ok('DescribeImages', images));
    expect(image).toEqual({ ok: true, value: { id: IMAGE, platform: 'Linux/UNIX', isFromMarketplace } });
  });
});

describe('instance types', () => {
  it('are found on every page, with vCPUs and all architectures', async () => {
    const [first = '', second = ''] = machineType.instanceTypes;
    const { instanceTypes } = await foundWith('DescribeInstanceTypes', (call) =>
      ok(
        'DescribeInstanceTypes',
        call.has('NextToken')
          ? `<instanceTypeSet>${sized(second)}</instanceTypeSet>`
          : `<instanceTypeSet>${sized(first)}</instanceTypeSet><nextToken>more</nextToken>`,
      ),
    );
    const facts = { vcpus: 8, architectures: ['i386', 'x86_64'] };
    expect(instanceTypes).toEqual({
      ok: true,
      value: [
        { name: first, ...facts },
        { name: second, ...facts },
      ],
    });
  });

  it('are missing for the reason AWS gives, and everything else is found', async () => {
    const found = await foundWith('DescribeInstanceTypes', () => refused('UnauthorizedOperation', 403));
    expect(found).toMatchObject({
      image: { ok: true, value: { id: IMAGE } },
      instanceTypes: {
        problem: {
          says: 'UnauthorizedOperation it is',
          remedy: expect.stringContaining('deploy the stack') as unknown,
        },
      },
      launchTemplate: { ok: true, value: 'lt-1' },
      subnets: { ok: true, value: [] },
    });
  });

  it('are missing where AWS does not say how large they are', async () => {
    const unsized = `<instanceTypeSet>${instanceType('c7i.2xlarge', '')}</instanceTypeSet>`;
    const { instanceTypes } = await foundWith('DescribeInstanceTypes', () =>
      ok('DescribeInstanceTypes', unsized),
    );
    expect(instanceTypes).toEqual({
      ok: false,
      problem: { says: 'AWS does not say how many vCPUs c7i.2xlarge has' },
    });
  });

  it('are missing where AWS does not say of which architecture they are', async () => {
    const bare = instanceType('c7i.2xlarge', '<vCpuInfo><defaultVCpus>8</defaultVCpus></vCpuInfo>');
    const { instanceTypes } = await foundWith('DescribeInstanceTypes', () =>
      ok('DescribeInstanceTypes', `<instanceTypeSet>${bare}</instanceTypeSet>`),
    );
    expect(instanceTypes).toEqual({
      ok: false,
      problem: { says: 'AWS does not say of which architecture c7i.2xlarge is' },
    });
  });
});

describe('subnets', () => {
  it('whose free addresses AWS does not tell are missing, not full', async () => {
    const subnets = '<subnetSet><item><subnetId>subnet-0a</subnetId></item></subnetSet>';
    const found = await foundWith('DescribeSubnets', () => ok('DescribeSubnets', subnets));
    expect(found.subnets).toEqual({
      ok: false,
      problem: { says: 'AWS does not say how many addresses subnet-0a has left' },
    });
  });
});
