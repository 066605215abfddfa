/** The judge reads a launch whichever way it was sent. */
import { expect, it } from 'vitest';
import { fleetRequest } from '../../../lambdas/aws/ec2/launch.ts';
import { sentLaunch } from '../../../local/world/judge/sent-launch.ts';
import { nixosType, poolOf } from '../../contracts/fleet-bench.ts';

const launch = { id: 'launch-7', type: nixosType.key, count: 3, pools: [poolOf('a')], requestedAt: 1 };

it('is the same as it was planned and as it goes over the wire', () => {
  const expected = { id: 'launch-7', type: nixosType.key, count: 3 };
  expect(sentLaunch(launch)).toEqual(expected);
  expect(sentLaunch(fleetRequest(launch, nixosType, 'ami-1', { farm: 'farm' }))).toEqual(expected);
});

it('is none where it is only tried', () => {
  const request = fleetRequest(launch, nixosType, 'ami-1', { farm: 'farm' });
  expect(sentLaunch({ ...request, DryRun: true })).toBeUndefined();
});

it.each([undefined, null, {}, { InstanceIds: ['i-1'] }, { Type: 'instant' }])('is none: %o', (input) => {
  expect(sentLaunch(input)).toBeUndefined();
});
