/** Where the function is: in a simulated region on this machine, or in AWS. */
import type { Answer } from '../../../lambdas/reconcile/answer.ts';
import { FUNCTION_NAME, NOTE_HEADER } from '../../world/endpoint/address.ts';

/** Sends one event and returns the function's answer. @throws TargetError in words for people. */
export type Target = (event: unknown) => Promise<Answer>;

/** The function could not be asked, or failed; the message says what to do. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

/** Any key will do: the region asks for a signature and does not verify it. */
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=local';

/**
 * @param url of `npm start`'s or `npm run region`'s region, such as `http://127.0.0.1:4566`.
 * @param note told what else that region says of itself.
 */
export function localTarget(url: string, note: (text: string) => void = () => undefined): Target {
  return async (event) => {
    const address = new URL(`/2015-03-31/functions/${FUNCTION_NAME}/invocations`, url);
    const response = await fetch(address, {
      method: 'POST',
      headers: { authorization: AUTHORIZATION, 'content-type': 'application/json' },
      body: JSON.stringify(event),
    }).catch((error: unknown): never => {
      const message = isForeign(error) ? foreign(url) : `nothing answers at ${url}: ${REMEDY}`;
      throw new TargetError(message, { cause: error });
    });
    const body = await response.text();
    const noted = response.headers.get(NOTE_HEADER);
    if (noted !== null) note(noted);
    if (response.status !== 200) throw new TargetError(refusal(url, body));
    return answerIn(body, response.headers.get('x-amz-function-error'));
  };
}

const REMEDY =
  'start a farm with "npm start" or "npm run region", or name another with --url, or your own in AWS with --stack';

/** Whether something listens there that does not speak HTTP, going by the error's name or code. */
function isForeign(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return false;
  const code = 'code' in cause ? String(cause.code) : '';
  return /^(HTTPParserError|SocketError)$/.test(cause.name) || code === 'ECONNRESET';
}

const foreign = (url: string): string =>
  `what answers at ${url} is no region of ours but another program: ${REMEDY}`;

/** The region says in JSON why it refuses; anything else is no region. */
function refusal(url: string, body: string): string {
  const message = messageIn(parsed(body));
  return message === undefined ? foreign(url) : `the region refuses: ${message}`;
}

/** @throws TargetError where the function failed, or where it is not ours. */
export function answerIn(body: string, functionError: string | null): Answer {
  const answer = parsed(body);
  if (functionError !== null) throw new TargetError(`the function failed: ${messageIn(answer) ?? body}`);
  if (typeof answer === 'object' && answer !== null && 'result' in answer) return answer as Answer;
  throw new TargetError(`this is no answer of hydra-autoscaler: ${body.slice(0, 200)}`);
}

/** Undefined for what is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function messageIn(answer: unknown): string | undefined {
  const { errorMessage, message } = (answer ?? {}) as { errorMessage?: unknown; message?: unknown };
  return [errorMessage, message].find((text) => typeof text === 'string');
}
