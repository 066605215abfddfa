/** Where the function is: in a simulated region on this machine, or in AWS by way of the `aws` program. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Answer } from '../../lambdas/reconcile/answer.ts';
import { FUNCTION_NAME } from '../endpoint/address.ts';

/** Sends one event and returns the function's answer. @throws TargetError in words for people. */
export type Target = (event: unknown) => Promise<Answer>;

/** The function could not be asked, or failed; the message says what to do. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

/** Any key will do: the region asks for a signature and does not verify it. */
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=local';

/** @param url of `npm start`'s or `npm run region`'s region, such as `http://127.0.0.1:4566`. */
export function localTarget(url: string): Target {
  return async (event) => {
    const address = new URL(`/2015-03-31/functions/${FUNCTION_NAME}/invocations`, url);
    const response = await fetch(address, {
      method: 'POST',
      headers: { authorization: AUTHORIZATION, 'content-type': 'application/json' },
      body: JSON.stringify(event),
    }).catch((error: unknown): never => {
      throw new TargetError(
        `nothing answers at ${url}: start a farm with "npm start" or "npm run region", or name another with --url, or your own function with --function`,
        { cause: error },
      );
    });
    return answerIn(await response.text(), response.headers.get('x-amz-function-error'), response.status);
  };
}

function answerIn(body: string, functionError: string | null, status: number): Answer {
  const answer: unknown = parsed(body);
  if (status !== 200) throw new TargetError(`the region refuses: ${messageIn(answer, body)}`);
  if (functionError !== null) throw new TargetError(`the function failed: ${messageIn(answer, body)}`);
  return answer as Answer;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TargetError(`the answer is no JSON: ${text.slice(0, 200)}`);
  }
}

function messageIn(answer: unknown, otherwise: string): string {
  const { errorMessage, message } = (answer ?? {}) as { errorMessage?: unknown; message?: unknown };
  return [errorMessage, message].find((text) => typeof text === 'string') ?? otherwise;
}

export interface AwsTargetOptions {
  /** Name or ARN. */
  readonly functionName: string;
  /** Parent of a temporary directory. */
  readonly temporary: string;
  /** The program; its own configuration says region and credentials. */
  readonly program?: string;
  /** Given to the program as they are, such as `--endpoint-url`. */
  readonly options?: readonly string[];
}

/** A function in AWS. The `aws` program brings the user's own region, profile and credentials. */
export function awsTarget({
  functionName,
  temporary,
  program = 'aws',
  options = [],
}: AwsTargetOptions): Target {
  return async (event) => {
    const folder = mkdtempSync(path.join(temporary, 'hydra-autoscaler-operate-'));
    const file = path.join(folder, 'answer.json');
    const payload = ['--cli-binary-format', 'raw-in-base64-out', '--payload', JSON.stringify(event)];
    const timeouts = ['--cli-read-timeout', '900'];
    const invoke = ['lambda', 'invoke', '--function-name', functionName, '--output', 'json'];
    try {
      const { stdout } = await promisify(execFile)(program, [
        ...options,
        ...invoke,
        ...timeouts,
        ...payload,
        file,
      ]);
      const { FunctionError = null } = JSON.parse(stdout) as { FunctionError?: string };
      return answerIn(readFileSync(file, 'utf8'), FunctionError, 200);
    } catch (error) {
      if (error instanceof TargetError) throw error;
      throw new TargetError(`${program} lambda invoke: ${reasonOf(error)}`, { cause: error });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

function reasonOf(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return stderr === '' ? String(error) : stderr;
}
