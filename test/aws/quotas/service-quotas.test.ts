import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vcpuQuotas } from '../../../lambdas/aws/quotas/service-quotas.ts';

interface Question {
  readonly action: string;
  readonly ServiceCode: string;
  readonly QuotaCode: string;
}

/** What an account says: a quota, an error by its name, or nothing because the connection breaks. */
type Says = (question: Question) => object | string | undefined;

const questions: Question[] = [];
let says: Says;
const server = createServer((request, response) => {
  void text(request).then((body) => {
    const target = String(request.headers['x-amz-target']);
    const question = { action: target.replace(/^.*\./, ''), ...(JSON.parse(body) as object) } as Question;
    questions.push(question);
    const said = says(question);
    if (said === undefined) {
      request.socket.destroy();
      return;
    }
    const isError = typeof said === 'string';
    response.writeHead(isError ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(isError ? { __type: said, Message: `${said} it is` } : { Quota: said }));
  });
});

let client: ServiceQuotasClient;

beforeEach(async () => {
  questions.length = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new ServiceQuotasClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('vCPU quotas', () => {
  it('are the applied ones, and their defaults are not asked for then', async () => {
    says = ({ QuotaCode }) => ({ Value: QuotaCode === 'L-34B43A08' ? 32 : 640 });
    expect(await vcpuQuotas(client, ['on-demand', 'spot'])).toEqual(
      new Map([
        ['on-demand', { ok: true, value: { code: 'L-1216C47A', vcpus: 640 } }],
        ['spot', { ok: true, value: { code: 'L-34B43A08', vcpus: 32 } }],
      ]),
    );
    const asked = { action: 'GetServiceQuota', ServiceCode: 'ec2' };
    expect(questions).toHaveLength(2);
    expect(questions).toContainEqual({ ...asked, QuotaCode: 'L-1216C47A' });
    expect(questions).toContainEqual({ ...asked, QuotaCode: 'L-34B43A08' });
  });

  it('are AWS’s defaults in an account that never changed them', async () => {
    says = ({ action }) => (action === 'GetServiceQuota' ? 'NoSuchResourceException' : { Value: 5 });
    expect(await vcpuQuotas(client, ['spot'])).toEqual(
      new Map([['spot', { ok: true, value: { code: 'L-34B43A08', vcpus: 5 } }]]),
    );
    const asked = { ServiceCode: 'ec2', QuotaCode: 'L-34B43A08' };
    expect(questions.at(-1)).toEqual({ action: 'GetAWSDefaultServiceQuota', ...asked });
  });

  it('may be 0, which is a quota', async () => {
    says = () => ({ Value: 0 });
    expect(await vcpuQuotas(client, ['on-demand'])).toEqual(
      new Map([['on-demand', { ok: true, value: { code: 'L-1216C47A', vcpus: 0 } }]]),
    );
  });

  it('are missing with the reason and its remedy where the function may not ask, one by one', async () => {
    says = ({ QuotaCode }) => (QuotaCode === 'L-34B43A08' ? 'AccessDeniedException' : { Value: 8 });
    expect(await vcpuQuotas(client, ['spot', 'on-demand'])).toEqual(
      new Map<string, unknown>([
        [
          'spot',
          {
            ok: false,
            problem: {
              says: 'AccessDeniedException it is',
              remedy: expect.stringContaining('deploy the stack again') as unknown,
            },
          },
        ],
        ['on-demand', { ok: true, value: { code: 'L-1216C47A', vcpus: 8 } }],
      ]),
    );
    expect(questions.map(({ action }) => action)).not.toContain('GetAWSDefaultServiceQuota');
  });

  it.each<readonly [string, Says, RegExp]>([
    ['AWS knows no default either', () => 'NoSuchResourceException', /NoSuchResourceException it is/],
    ['the connection breaks', () => undefined, /socket hang up|ECONNRESET/],
    [
      'Service Quotas cannot ask EC2',
      () => ({ ErrorReason: { ErrorCode: 'DEPENDENCY_THROTTLING_ERROR', ErrorMessage: 'EC2 is busy' } }),
      /no value of L-1216C47A: EC2 is busy/,
    ],
    ['the answer is empty', () => ({}), /no value of L-1216C47A/],
  ])('are missing, and nothing is thrown, when %s', async (_when, account, reason) => {
    says = account;
    expect(await vcpuQuotas(client, ['on-demand'])).toEqual(
      new Map([['on-demand', { ok: false, problem: { says: expect.stringMatching(reason) as unknown } }]]),
    );
  });
});
