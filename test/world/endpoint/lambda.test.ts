import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEndpoint } from '../../../local/world/endpoint/server.ts';
import type { Endpoint } from '../../../local/world/endpoint/server.ts';
import type { Invoked } from '../../../local/world/endpoint/lambda.ts';
import { Random } from '../../../local/world/random.ts';
import { Region } from '../../../local/world/region/region.ts';
import { Timeline } from '../../../local/world/timeline.ts';

const region = new Region({
  timeline: new Timeline(1_800_000_000),
  random: new Random(1),
  executor: { run: () => () => undefined },
});

let endpoint: Endpoint;
const events: unknown[] = [];
let outcome: Invoked;

beforeEach(async () => {
  events.length = 0;
  outcome = { answer: { result: 'status' } };
  endpoint = await startEndpoint({
    region,
    invoke: (event) => {
      events.push(event);
      return Promise.resolve(outcome);
    },
  });
});
afterEach(() => endpoint.close());

const SIGNED = 'AWS4-HMAC-SHA256 Credential=test/20270115/us-east-1/lambda/aws4_request, Signature=0';

const invoke = (
  body: string,
  name = 'hydra-autoscaler',
  headers: Record<string, string> = { authorization: SIGNED },
): Promise<Response> =>
  fetch(`${endpoint.url}/2015-03-31/functions/${name}/invocations`, { method: 'POST', headers, body });

describe('Invoke', () => {
  it('hands the event over and the answer back', async () => {
    const response = await invoke('{"status":true}');
    expect(response.status).toBe(200);
    expect(response.headers.get('x-amz-function-error')).toBeNull();
    expect(await response.json()).toEqual({ result: 'status' });
    expect(events).toEqual([{ status: true }]);
  });

  it('tells a failure of the function as Lambda does', async () => {
    outcome = { error: new TypeError('no such luck') };
    const response = await invoke('');
    expect(response.status).toBe(200);
    expect(response.headers.get('x-amz-function-error')).toBe('Unhandled');
    expect(await response.json()).toEqual({ errorType: 'TypeError', errorMessage: 'no such luck' });
    expect(events).toEqual([{}]);
  });

  it('refuses other functions, events that are no JSON, and callers who do not wait', async () => {
    const codeOf = async (response: Promise<Response>): Promise<unknown> => {
      const { status, ...rest } = await response.then(async (got) => ({
        status: got.status,
        ...((await got.json()) as { __type: string }),
      }));
      return [status, rest.__type];
    };
    expect(await codeOf(invoke('{}', 'other'))).toEqual([404, 'ResourceNotFoundException']);
    expect(await codeOf(invoke('{'))).toEqual([400, 'InvalidRequestContentException']);
    const event = { authorization: SIGNED, 'x-amz-invocation-type': 'Event' };
    expect(await codeOf(invoke('{}', 'hydra-autoscaler', event))).toEqual([
      400,
      'InvalidParameterValueException',
    ]);
    expect(events).toEqual([]);
  });

  it('is for programs on this machine only, as everything here', async () => {
    expect((await invoke('{}', 'hydra-autoscaler', {})).status).toBe(403);
    const page = { authorization: SIGNED, origin: 'http://example.org' };
    expect((await invoke('{}', 'hydra-autoscaler', page)).status).toBe(403);
    expect(events).toEqual([]);
  });

  it('says what is wrong with a port that is taken', async () => {
    const port = Number(new URL(endpoint.url).port);
    await expect(startEndpoint({ region, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
