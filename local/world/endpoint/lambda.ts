/** Lambda's Invoke, for the one function there is: `aws lambda invoke` and people's tools reach it as they would in AWS. */
import type { IncomingHttpHeaders } from 'node:http';
import { RegionError } from '../region/errors.ts';
import { FUNCTION_NAME, NOTE_HEADER } from './address.ts';
import { jsonReply } from './reply.ts';
import type { Reply } from './reply.ts';

/** What became of one invocation; `error` as the function threw it. */
export type Invoked = ({ readonly answer: unknown } | { readonly error: unknown }) & {
  /** What else the caller should know of this region, in plain ASCII. */
  readonly note?: string;
};

export type InvokeFunction = (event: unknown) => Promise<Invoked>;

const PATH = /^\/2015-03-31\/functions\/(?<name>[^/?]+)\/invocations(?:\?.*)?$/;

/** The function a request's path is about; undefined when it is not for Lambda. */
export function functionIn(path: string | undefined): string | undefined {
  const name = PATH.exec(path ?? '')?.groups?.['name'];
  return name === undefined ? undefined : decodeURIComponent(name);
}

/** @throws RegionError for another function, an event that is not JSON, or an invocation nobody waits for. */
export async function answerInvoke(
  name: string,
  headers: IncomingHttpHeaders,
  body: string,
  invoke: InvokeFunction | undefined,
): Promise<Reply> {
  if (name !== FUNCTION_NAME || invoke === undefined)
    throw new RegionError('ResourceNotFoundException', `Function not found: ${name}`);
  if ((headers['x-amz-invocation-type'] ?? 'RequestResponse') !== 'RequestResponse')
    throw new RegionError('InvalidParameterValueException', 'Only RequestResponse is simulated.');
  const invoked = await invoke(eventIn(body));
  const noted = invoked.note === undefined ? {} : { [NOTE_HEADER]: invoked.note };
  if ('answer' in invoked) return { ...jsonReply(200, JSON.stringify(invoked.answer)), headers: noted };
  const { error } = invoked;
  const failure =
    error instanceof Error
      ? { errorType: error.name, errorMessage: error.message }
      : { errorType: 'Error', errorMessage: String(error) };
  return {
    ...jsonReply(200, JSON.stringify(failure)),
    headers: { ...noted, 'x-amz-function-error': 'Unhandled' },
  };
}

function eventIn(body: string): unknown {
  try {
    return body === '' ? {} : (JSON.parse(body) as unknown);
  } catch {
    throw new RegionError('InvalidRequestContentException', 'Could not parse request body into json.');
  }
}
