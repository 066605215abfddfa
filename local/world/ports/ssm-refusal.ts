/** Whether the simulated SSM takes a command, in process: limits, faults and refusals are those of the endpoint. */
import { ssmProblem } from '../../../lambdas/aws/ssm/errors.ts';
import type { SsmProblem, SsmSubject } from '../../../lambdas/aws/ssm/errors.ts';
import { RegionError } from '../region/errors.ts';
import type { Region } from '../region/region.ts';

/** A round trip over SSM with a running agent (measured by others), in seconds. */
export const ROUND_TRIP_SECONDS = 2;

/** Why SSM does not take a command; undefined when it does. */
export async function sendRefusal(
  { gate }: Region,
  { document, instanceIds }: SsmSubject,
): Promise<SsmProblem | undefined> {
  const input = { DocumentName: document, InstanceIds: instanceIds };
  try {
    await gate.call({ service: 'ssm', action: 'SendCommand', input }, () => undefined);
    return undefined;
  } catch (error) {
    if (!(error instanceof RegionError)) throw error;
    return ssmProblem(new SsmRefusal(error), { document, instanceIds });
  }
}

/** As the SDK throws: the name is AWS's, and the answer was an answer. */
class SsmRefusal extends Error {
  readonly $fault = 'client';

  constructor({ code, message }: RegionError) {
    super(message);
    this.name = code;
  }
}
