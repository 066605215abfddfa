/**
 * The simulated region over HTTP: EC2, SSM, STS, CloudFormation, Service Quotas, the price list and the function itself on one port of 127.0.0.1, DynamoDB passed on to an engine.
 * `AWS_ENDPOINT_URL` set to its address is all that unmodified SDK clients and the AWS CLI need.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import { RegionError, ReplyLostError } from '../region/errors.ts';
import type { Region } from '../region/region.ts';
import { answer, targetOf } from './answer.ts';
import { encodeEc2Error } from './codec/xml-encode.ts';
import type { DeployedStack } from './cloudformation.ts';
import { isDynamoDbTarget, passToDynamoDb } from './dynamodb-proxy.ts';
import { checkCaller } from './guard.ts';
import { answerInvoke, functionIn } from './lambda.ts';
import type { InvokeFunction } from './lambda.ts';
import { jsonReply, statusOf, xmlReply, type Reply } from './reply.ts';

export interface EndpointOptions {
  readonly region: Region;
  /** Where the DynamoDB engine listens; without it DynamoDB requests are refused. */
  readonly dynamoDbUrl?: string;
  /** The one function; without it every Invoke is refused. */
  readonly invoke?: InvokeFunction;
  /** The only stack; none when absent. */
  readonly stack?: DeployedStack;
  /** 0 (the default) for any free port. */
  readonly port?: number;
}

export interface Endpoint {
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Ends scripts and connections. */
  close(): Promise<void>;
}

/** SSM takes 64 KiB and DynamoDB 16 MB at most. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** Begins to listen, on the loopback interface only. Requests happen at the present instant of the region's timeline. */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { region } = options;
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    void serve(request, response, options, requestIdOf(requests));
  });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        region.ssm.commands.killAll();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Requests are simply numbered, in the form of AWS's ids. */
const requestIdOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: EndpointOptions,
  requestId: string,
): Promise<void> {
  try {
    const { status, contentType, body, headers } = await replyTo(request, options, requestId);
    response.writeHead(status, { 'content-type': contentType, 'x-amzn-requestid': requestId, ...headers });
    response.end(body);
  } catch {
    // A lost reply, or a caller that has gone away: either way the connection just breaks.
    request.socket.destroy();
  }
}

async function replyTo(
  request: IncomingMessage,
  options: EndpointOptions,
  requestId: string,
): Promise<Reply> {
  const { headers } = request;
  const target = targetOf(headers);
  const invoked = functionIn(request.url);
  try {
    checkCaller(headers);
    const body = await readBody(request);
    if (invoked !== undefined) return await answerInvoke(invoked, headers, body, options.invoke);
    if (!isDynamoDbTarget(target)) return await answer({ headers, body }, options, requestId);
    if (options.dynamoDbUrl !== undefined)
      return await passToDynamoDb(options.dynamoDbUrl, { headers, body });
    throw new RegionError('UnknownOperationException', 'The simulated region was started without DynamoDB.');
  } catch (error) {
    if (error instanceof ReplyLostError) throw error;
    const code = error instanceof RegionError ? error.code : 'InternalFailure';
    const message = messageOf(error);
    return target === '' && invoked === undefined
      ? xmlReply(statusOf(code), encodeEc2Error(code, message, requestId))
      : jsonReply(statusOf(code), JSON.stringify({ __type: code, message }));
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new RegionError('RequestEntityTooLarge', 'The request is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
