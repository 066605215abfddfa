import { afterEach, describe, expect, it } from 'vitest';
import type { Trial } from '../../../lambdas/core/doctor/finding.ts';
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import { tryLaunch } from '../../../lambdas/aws/ec2/dry-run.ts';
import { ok, refused, startCannedEc2 } from './canned-ec2.ts';
import type { Answer, CannedEc2 } from './canned-ec2.ts';
import { FARM, choosing, machineType } from './samples.ts';

let ec2: CannedEc2;
afterEach(() => ec2.close());

const FOUND = [16, 8].map((vcpus) => ({ name: `c7a.${vcpus}`, vcpus, architectures: ['x86_64'] }));

const passed = (): Answer => refused('DryRunOperation', 412);

/** What is found where EC2 answers CreateFleet so. */
async function triedWith(answer: () => Answer, type: MachineType = machineType): Promise<readonly Trial[]> {
  ec2 = await startCannedEc2((call) => (call.get('Action') === 'CreateFleet' ? answer() : passed()));
  const instanceTypes = { ok: true, value: FOUND } as const;
  const tried = { imageId: 'ami-01111111111111111', instanceTypes };
  return tryLaunch(ec2.client(1), type, tried, { farm: FARM, others: { CostCenter: 'ci' } });
}

const callOf = (action: string): Record<string, string> =>
  Object.fromEntries(ec2.callsOf(action).flatMap((call) => [...call]));

describe('a launch that is tried', () => {
  it('tries the smallest of what EC2 may choose, since RunInstances takes no requirements', async () => {
    await triedWith(passed, choosing);
    expect(callOf('RunInstances')).toMatchObject({ InstanceType: 'c7a.8' });
    expect(callOf('CreateFleet')).toMatchObject({
      'LaunchTemplateConfigs.1.Overrides.1.InstanceRequirements.VCpuCount.Min': '8',
    });
  });

  it('is the launch that would be sent, and what the fleet would do from its first pool', async () => {
    expect(await triedWith(passed)).toEqual([
      { call: 'RunInstances', outcome: 'allowed' },
      { call: 'CreateFleet', outcome: 'allowed' },
    ]);
    expect(callOf('RunInstances')).toMatchObject({
      DryRun: 'true',
      MinCount: '1',
      MaxCount: '1',
      'LaunchTemplate.LaunchTemplateName': 'hydra-builder',
      'LaunchTemplate.Version': '$Latest',
      InstanceType: 'c7i.2xlarge',
      ImageId: 'ami-01111111111111111',
      SubnetId: 'subnet-0aaaaaaaaaaaaaaaa',
      'TagSpecification.1.ResourceType': 'instance',
      'TagSpecification.1.Tag.1.Key': 'hydra-autoscaler:farm',
      'TagSpecification.1.Tag.1.Value': FARM,
      'TagSpecification.1.Tag.5.Key': 'CostCenter',
      'TagSpecification.2.ResourceType': 'volume',
    });
    expect(Object.keys(callOf('RunInstances')).filter((key) => key.startsWith('InstanceMarket'))).toEqual([]);
    expect(callOf('CreateFleet')).toMatchObject({
      DryRun: 'true',
      Type: 'instant',
      'LaunchTemplateConfigs.1.Overrides.4.SubnetId': 'subnet-0bbbbbbbbbbbbbbbb',
      'TagSpecification.1.Tag.1.Value': FARM,
      'TagSpecification.3.ResourceType': 'fleet',
    });
    // RunInstances makes no fleet, and refuses tags for one.
    expect(Object.values(callOf('RunInstances'))).not.toContain('fleet');
    expect(callOf('CreateFleet')['ClientToken']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is on spot where the type prefers that', async () => {
    await triedWith(passed, { ...machineType, market: 'spot-then-on-demand', subnets: [] });
    expect(callOf('RunInstances')).toMatchObject({ 'InstanceMarketOptions.MarketType': 'spot' });
    expect(callOf('RunInstances')).not.toHaveProperty('SubnetId');
    expect(callOf('CreateFleet')['TargetCapacitySpecification.DefaultTargetCapacityType']).toBe('spot');
  });
});

describe('AWS’s answer to it', () => {
  const fleet = async (answer: Answer): Promise<Trial | undefined> =>
    (await triedWith(() => answer)).find(({ call }) => call === 'CreateFleet');

  it.each([
    ['UnauthorizedOperation', 403, 'denied'],
    ['TagPolicyViolation', 400, 'denied'],
    ['InvalidLaunchTemplateName.NotFoundException', 400, 'refused'],
    ['SomethingNew', 400, 'refused'],
  ])('%s means: %s', async (code, status, outcome) => {
    expect(await fleet(refused(code, status))).toMatchObject({ outcome, code });
  });

  it.each([
    ['a lost connection', 'connection lost' as const],
    ['throttling', refused('RequestLimitExceeded', 503)],
    ['a failure inside AWS', refused('InternalError', 500)],
    ['a fleet that was made', ok('CreateFleet', '<fleetId>fleet-1</fleetId>')],
  ])('%s is no word on permissions', async (_what, answer) => {
    expect(await fleet(answer)).toMatchObject({ outcome: 'unknown', says: expect.any(String) as unknown });
  });
});
