/** What AWS's limits leave room for, told before anything is deployed. */
import type { ConfigProblem } from '../lambdas/core/config/problem.ts';
import type { Deployment } from './deployment.ts';

/**
 * The machines file travels as a parameter of an SSM command: 60,000 characters of compressed base64, most of them host
 * keys, which nothing compresses. Measured in late 2026: 731 to 892 machines fit, by what stands behind their keys.
 */
export const MACHINES_MAX = 700;

/** CloudFormation takes templates of 1 MB (AWS: docs/develop/facts.md#cloudformation-template-size). */
const TEMPLATE_BYTES_MAX = 1_000_000;

export const fileHoldsAllMachines = ({
  config: { host, maxTotalMachines },
}: Pick<Deployment, 'config'>): readonly ConfigProblem[] =>
  host.runner === 'rust' || maxTotalMachines <= MACHINES_MAX
    ? []
    : [
        {
          path: 'maxTotalMachines',
          says:
            `is ${maxTotalMachines}, and the machines file holds ${MACHINES_MAX}: it is sent as one parameter of an SSM command. ` +
            'Lower it, or split the farm into several, each with a tag and a host.machinesFile of its own',
        },
      ];

/**
 * Why a template cannot be deployed as large as it is; undefined where it can.
 * @param machineTypes how many launch templates are in it, which are nearly all of it.
 */
export function oversized(template: string, machineTypes: number): string | undefined {
  const bytes = Buffer.byteLength(template);
  if (bytes <= TEMPLATE_BYTES_MAX) return undefined;
  const fitting = Math.floor((machineTypes * TEMPLATE_BYTES_MAX) / bytes);
  return (
    `the template has ${bytes} bytes, and CloudFormation takes ${TEMPLATE_BYTES_MAX}: with these settings about ${fitting} of the ` +
    `${machineTypes} machine types fit into a stack. Split the farm into several, each with a tag of its own`
  );
}
