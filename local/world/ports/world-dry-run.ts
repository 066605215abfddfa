/** Launches that are only tried, in the simulated region. */
import { exampleOf, trialOf } from '../../../lambdas/aws/ec2/dry-run.ts';
import type { Tried } from '../../../lambdas/aws/ec2/dry-run.ts';
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import type { Trial } from '../../../lambdas/core/doctor/finding.ts';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import { usablePools } from '../../../lambdas/core/capacity/pools.ts';
import { RegionError, dryRunPassed } from '../region/errors.ts';
import type { Region } from '../region/region.ts';

/** Both calls of a launch from the type's first pool. */
export async function trialsIn(
  region: Region,
  type: MachineType,
  { imageId, instanceTypes }: Tried,
): Promise<readonly Trial[]> {
  const { launcher, templates } = region;
  const template = { name: type.launchTemplate, version: '$Latest' };
  const run = usablePools(type, [], 0)
    .pools.slice(0, 1)
    .map(({ instanceType, subnet, market }) => ({
      instanceType: instanceType === '' ? exampleOf(type, instanceTypes) : instanceType,
      imageId,
      market,
      ...(subnet === '' ? {} : { subnetId: subnet }),
    }));
  return [
    await tried(region, 'RunInstances', () => {
      for (const parameters of run) launcher.plan(launcher.merge(template, parameters));
    }),
    await tried(region, 'CreateFleet', () => templates.resolve(template)),
  ];
}

async function tried({ gate }: Region, call: string, check: () => unknown): Promise<Trial> {
  try {
    return await gate.call({ service: 'ec2', action: call, input: { DryRun: true } }, () => {
      check();
      throw dryRunPassed();
    });
  } catch (error) {
    return error instanceof RegionError
      ? trialOf(call, error.code, error.message)
      : { call, outcome: 'unknown', says: messageOf(error) };
  }
}
