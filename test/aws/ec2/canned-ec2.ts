/**
 * A server on the loopback that answers EC2 calls with what a test has laid ready, for answers no healthy region gives.
 * It records every call. The clients that speak to it are real: what is tested is what really crosses the wire.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EC2Client } from '@aws-sdk/client-ec2';

/** The parameters of one call, as EC2's query protocol names them: `Action`, `InstanceId.1`, … */
export type Call = ReadonlyMap<string, string>;

export type Answer =
  | { readonly status: number; readonly body: string }
  /** The connection breaks instead of an answer. */
  | 'connection lost';

export type Answering = (call: Call) => Answer;

export interface CannedEc2 {
  readonly calls: readonly Call[];
  /** Calls of one action, in order. */
  callsOf(action: string): readonly Call[];
  client(maxAttempts: number): EC2Client;
  close(): Promise<void>;
}

export async function startCannedEc2(answer: Answering): Promise<CannedEc2> {
  const calls: Call[] = [];
  const clients: EC2Client[] = [];
  const server = createServer((request, response) => {
    void serve(request, response, (call) => {
      calls.push(call);
      return answer(call);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    calls,
    callsOf: (action) => calls.filter((call) => call.get('Action') === action),
    client: (maxAttempts) => {
      const client = new EC2Client({
        region: 'us-east-1',
        endpoint: `http://127.0.0.1:${port}`,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        maxAttempts,
      });
      clients.push(client);
      return client;
    },
    close: async () => {
      clients.forEach((client) => client.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, answer: Answering): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const answered = answer(new Map(new URLSearchParams(Buffer.concat(chunks).toString())));
  if (answered === 'connection lost') {
    request.socket.destroy();
    return;
  }
  response.writeHead(answered.status, { 'content-type': 'text/xml' }).end(answered.body);
}

export const ok = (action: string, members: string): Answer => ({
  status: 200,
  body: `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>${members}</${action}Response>`,
});

export const refused = (code: string, status = 400, message = `${code} it is`): Answer => ({
  status,
  body: `<?xml version="1.0"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r</RequestID></Response>`,
});

/** The values of a list in a call, such as `InstanceId`. */
export const listIn = (call: Call, name: string): string[] =>
  [...call].filter(([key]) => new RegExp(`^${name}\\.\\d+$`).test(key)).map(([, value]) => value);
