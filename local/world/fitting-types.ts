/** The instance types that machines of a type may be of, also where EC2 chooses them. */
import { requirementsFor } from '../../lambdas/aws/ec2/requirements.ts';
import type { MachineType } from '../../lambdas/core/config/machine-type.ts';
import { toRequirements } from './endpoint/ec2/requirements-input.ts';
import { typesMeeting } from './region/instance-choice.ts';

/** The cheapest first, where EC2 chooses; in the order of the configuration elsewhere. */
export function fittingTypes({ instanceTypes, instanceRequirements }: MachineType): readonly string[] {
  if (instanceRequirements === undefined) return instanceTypes;
  const { architecture } = instanceRequirements;
  return typesMeeting(toRequirements(requirementsFor(instanceRequirements)), architecture, 'spot')
    .toSorted((a, b) => a.dollarsPerHour - b.dollarsPerHour)
    .map(({ name }) => name);
}
