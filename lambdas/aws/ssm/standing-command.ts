/** Commands that nobody waits for: what has become of one, and its end. */
import { CancelCommandCommand, GetCommandInvocationCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Problem } from '../../core/model/index.ts';
import { ssmProblem } from './errors.ts';
import { type RunResult, resultOf } from './results.ts';

export interface StandingCommand {
  readonly commandId: string;
  /** Real name of its document, for the words. */
  readonly document: string;
  readonly instanceId: string;
}

/** What came of it; undefined while nothing has, or nobody can tell. Never throws. */
export async function resultSoFar(
  client: SSMClient,
  { commandId, instanceId }: StandingCommand,
): Promise<RunResult | undefined> {
  try {
    const query = { CommandId: commandId, InstanceId: instanceId };
    return resultOf(await client.send(new GetCommandInvocationCommand(query)), instanceId);
  } catch {
    return undefined;
  }
}

/** Asks for its end, which guarantees nothing. Never throws. */
export async function cancel(
  client: SSMClient,
  { commandId, document, instanceId }: StandingCommand,
): Promise<Problem | undefined> {
  try {
    await client.send(new CancelCommandCommand({ CommandId: commandId, InstanceIds: [instanceId] }));
    return undefined;
  } catch (error) {
    return ssmProblem(error, { document, instanceIds: [instanceId] });
  }
}
