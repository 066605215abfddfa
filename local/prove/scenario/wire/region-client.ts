/** Real SDK clients of the simulated region, without a socket: requests go to the endpoint's code and back as bytes. */
import { EC2Client } from '@aws-sdk/client-ec2';
import { SSMClient } from '@aws-sdk/client-ssm';
import { HttpResponse } from '@smithy/core/protocols';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { answer } from '../../../world/endpoint/answer.ts';
import type { Region } from '../../../world/region/region.ts';
import type { WireActivity } from './wire-activity.ts';

/** As many as the SDK makes by itself; between them it waits for a moment of real time, in which the world stands still. */
const ATTEMPTS = 3;
const RETRY_MILLISECONDS = 1;

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface RegionClients {
  readonly ec2: EC2Client;
  /** Tries once, as the function's does. */
  readonly launcher: EC2Client;
  readonly ssm: SSMClient;
}

export function regionClients(region: Region, activity: WireActivity): RegionClients {
  const common = {
    region: region.settings.regionName,
    credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    requestHandler: { handle: handlerOf(region) },
  };
  const patient = { ...common, retryStrategy: new ConfiguredRetryStrategy(ATTEMPTS, RETRY_MILLISECONDS) };
  const clients = {
    ec2: new EC2Client(patient),
    launcher: new EC2Client({ ...common, maxAttempts: 1 }),
    ssm: new SSMClient(patient),
  };
  for (const { middlewareStack } of [clients.ec2, clients.launcher])
    middlewareStack.add((next) => (args) => activity.call(() => next(args)), { step: 'initialize' });
  clients.ssm.middlewareStack.add((next) => (args) => activity.call(() => next(args)), {
    step: 'initialize',
  });
  return clients;
}

function handlerOf(region: Region): (request: Request) => Promise<{ readonly response: HttpResponse }> {
  let requests = 0;
  return async ({ headers, body }) => {
    requests += 1;
    const reply = await answer({ headers, body: textOf(body) }, { region }, `request-${requests}`);
    const response = new HttpResponse({
      statusCode: reply.status,
      headers: { 'content-type': reply.contentType, ...reply.headers },
      body: Buffer.from(reply.body),
    });
    return { response };
  };
}

const textOf = (body: unknown): string =>
  typeof body === 'string' ? body : body instanceof Uint8Array ? new TextDecoder().decode(body) : '';
