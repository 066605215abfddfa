/** Launches whose instance type EC2 chooses: what is sent, and how the answer is read. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer, Call, CannedEc2 } from './canned-ec2.ts';
import { ok, startCannedEc2 } from './canned-ec2.ts';
import { choosing, fleetAt, fleetXml, launchOf } from './samples.ts';

let ec2: CannedEc2;
const start = async (answer: (call: Call) => Answer): Promise<CannedEc2> =>
  (ec2 = await startCannedEc2(answer));
afterEach(() => ec2.close());

describe('what a launch sends', () => {
  it('is what machines must be like, the same in every subnet, where EC2 chooses', async () => {
    await start(() => fleetXml(['i-01']));
    const pools = choosing.subnets.map((subnet) => ({
      instanceType: '',
      subnet,
      market: 'on-demand' as const,
    }));
    await fleetAt(ec2).launch(launchOf({ count: 1, pools, without: ['c7i.2xlarge'] }), choosing);
    const sent = Object.fromEntries(ec2.calls[0] ?? []);
    const at = (place: number, rest: string): string =>
      `LaunchTemplateConfigs.1.Overrides.${place}.InstanceRequirements.${rest}`;
    const required = (place: number) => ({
      [at(place, 'VCpuCount.Min')]: '8',
      [at(place, 'VCpuCount.Max')]: '16',
      [at(place, 'MemoryMiB.Min')]: '16384',
      [at(place, 'CpuManufacturer.1')]: 'intel',
      [at(place, 'CpuManufacturer.2')]: 'amd',
      [at(place, 'ExcludedInstanceType.1')]: 'c5.*',
      [at(place, 'ExcludedInstanceType.2')]: 'm*.*',
      [at(place, 'ExcludedInstanceType.3')]: 'c7i.2xlarge',
      [at(place, 'InstanceGeneration.1')]: 'current',
      [at(place, 'BareMetal')]: 'excluded',
      [at(place, 'BurstablePerformance')]: 'excluded',
      [at(place, 'AcceleratorCount.Max')]: '0',
      [at(place, 'LocalStorage')]: 'required',
      [at(place, 'LocalStorageType.1')]: 'ssd',
    });
    expect(sent).toMatchObject({ ...required(1), ...required(2) });
    expect(sent).toMatchObject({
      'OnDemandOptions.AllocationStrategy': 'lowest-price',
      'LaunchTemplateConfigs.1.Overrides.2.SubnetId': 'subnet-0bbbbbbbbbbbbbbbb',
      'LaunchTemplateConfigs.1.Overrides.2.ImageId': 'ami-01111111111111111',
    });
    expect(Object.keys(sent).filter((key) => /InstanceType$|Priority|MemoryMiB.Max/.test(key))).toEqual([]);
  });
});

describe('the answer to a launch whose instance type EC2 chose', () => {
  const SUBNETS = choosing.subnets;
  const pools = SUBNETS.map((subnet) => ({ instanceType: '', subnet, market: 'spot' as const }));
  const at = (subnet: string): string =>
    `<launchTemplateAndOverrides><overrides><subnetId>${subnet}</subnetId></overrides></launchTemplateAndOverrides>`;
  const answered = async (instances: string, errors: string) => {
    await start(() =>
      ok(
        'CreateFleet',
        `<fleetId>fleet-1</fleetId><errorSet>${errors}</errorSet><fleetInstanceSet>${instances}</fleetInstanceSet>`,
      ),
    );
    return fleetAt(ec2).launch(launchOf({ pools, count: 1 }), choosing);
  };

  it('tells which it is beside the place', async () => {
    const [, second = ''] = SUBNETS;
    const group = `<item>${at(second)}<instanceType>r7a.2xlarge</instanceType><instanceIds><item>i-01</item></instanceIds></item>`;
    expect(await answered(group, '')).toMatchObject({
      pools: new Map([['i-01', { instanceType: 'r7a.2xlarge', subnet: second, market: 'spot' }]]),
    });
  });

  it.each([
    [
      'We currently do not have sufficient c7i-flex.2xlarge capacity in the Availability Zone you requested (us-east-1a).',
      'c7i-flex.2xlarge',
    ],
    ['There is no capacity for c7a.2xlarge.', 'c7a.2xlarge'],
    ['There is no Spot capacity available that matches your request.', ''],
  ])('rests what AWS names in its words, or else the place: %s', async (message, instanceType) => {
    const [first = ''] = SUBNETS;
    const error = `<item>${at(first)}<errorCode>InsufficientInstanceCapacity</errorCode><errorMessage>${message}</errorMessage></item>`;
    expect(await answered('', error)).toMatchObject({
      refusals: [{ kind: 'capacity', pool: { instanceType, subnet: first, market: 'spot' } }],
    });
  });
});
