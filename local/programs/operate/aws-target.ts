/** A deployed farm's function, with region and credentials as the AWS SDK finds them. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { FUNCTION_OUTPUT } from '../../../infra/operate-commands.ts';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import { answerIn, TargetError } from './target.ts';
import type { Target } from './target.ts';

/** What people say of where the farm is; the rest the SDK finds by itself. */
export interface AwsPlace {
  readonly region?: string;
  /** In place of AWS's own addresses. */
  readonly endpoint?: string;
}

/** A tick takes no longer (Lambda's own limit). */
const ANSWER_MILLISECONDS = 900_000;

/** @param functionName name or ARN. */
export function awsTarget(place: AwsPlace, functionName: string): Target {
  const requestHandler = { requestTimeout: ANSWER_MILLISECONDS, socketTimeout: ANSWER_MILLISECONDS };
  // A second try would be a second tick.
  const client = new LambdaClient({ ...place, maxAttempts: 1, requestHandler });
  return async (event) => {
    const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) });
    const { Payload, FunctionError = null } = await client
      .send(command)
      .catch((error: unknown) => unreachable(`the function ${functionName}`, error));
    return answerIn(Payload?.transformToString() ?? '', FunctionError);
  };
}

/** The name of the function of a deployed stack. @throws TargetError */
export const functionOfStack = (place: AwsPlace, stack: string): Promise<string> =>
  outputOfStack(place, stack, {
    output: FUNCTION_OUTPUT,
    remedy: 'deploy it with this version, or name the function with --function',
  });

/**
 * What a deployed stack says under the name of an output.
 * @param sought its name, and what to do where it is not there.
 * @throws TargetError
 */
export async function outputOfStack(
  place: AwsPlace,
  stack: string,
  { output, remedy }: { readonly output: string; readonly remedy: string },
): Promise<string> {
  const { Stacks: [found] = [] } = await new CloudFormationClient(place)
    .send(new DescribeStacksCommand({ StackName: stack }))
    .catch((error: unknown) => unreachable(`the stack ${stack}`, error));
  const value = found?.Outputs?.find(({ OutputKey }) => OutputKey === output)?.OutputValue;
  if (value !== undefined) return value;
  throw new TargetError(
    `the stack ${stack} (${found?.StackStatus ?? 'unknown'}) has no output ${output}: ${remedy}`,
  );
}

function unreachable(what: string, error: unknown): never {
  const message = messageOf(error);
  const remedy = remedyFor(error instanceof Error ? error.name : '', message);
  throw new TargetError(`${what} cannot be asked: ${message}${remedy === '' ? '' : `; ${remedy}`}`, {
    cause: error,
  });
}

function remedyFor(name: string, message: string): string {
  if (/region is missing/i.test(message)) return 'export AWS_REGION, or give --region';
  if (name === 'CredentialsProviderError') return 'log in, or export AWS_PROFILE';
  return /does not exist|not found/i.test(message)
    ? 'is it of this region and account (AWS_REGION, --region)?'
    : '';
}
