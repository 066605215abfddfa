/** The console's server, on the loopback interface alone. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import { asJson, asPage, send } from './answers.ts';
import { pageFiles } from './files.ts';
import { Guard } from './guard.ts';
import { LiveFarm } from './live-farm.ts';
import type { LiveFarmOptions } from './live-farm.ts';
import { entrance, refusal } from './page.ts';
import { PastFeed } from './past-feed.ts';
import type { PastFeedOptions } from './past-feed.ts';
import { answerRequest } from './routes.ts';
import type { Desk } from './routes.ts';

export interface ConsoleOptions extends LiveFarmOptions {
  /** Whose farm it is. */
  readonly title: string;
  readonly past: Omit<PastFeedOptions, 'now'>;
  /** 0 for any free one. */
  readonly port: number;
  /** Makes words that nobody guesses. */
  readonly random: () => string;
  readonly by?: string;
}

export interface Console {
  /** An address that lets one browser in, once. */
  readonly newAddress: () => string;
  readonly close: () => Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/** @throws the system's own error for a port that cannot be listened on. */
export async function serveConsole(options: ConsoleOptions): Promise<Console> {
  const { ask, title, by, now } = options;
  const desk: Desk = {
    ...{ title, ask, farm: new LiveFarm(options), past: new PastFeed({ ...options.past, now }) },
    files: pageFiles(),
    ...(by === undefined ? {} : { by }),
  };
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, LOOPBACK, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const guard = new Guard(port, options.random);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void receive(desk, guard, request, response);
  });
  return {
    newAddress: () => `http://${LOOPBACK}:${port}/?token=${guard.newToken()}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function receive(
  desk: Desk,
  guard: Guard,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', headers } = request;
  const url = URL.parse(request.url ?? '', `http://${LOOPBACK}`);
  if (url === null) {
    send(response, asPage(refusal('this is no address'), 400));
    return;
  }
  const verdict = guard.judge({ method, url, headers });
  if (verdict.kind === 'refused') send(response, asPage(refusal(verdict.says), verdict.status));
  else if (verdict.kind === 'enter')
    send(response, { ...asPage(entrance()), headers: { 'set-cookie': verdict.cookie } });
  else
    await answerRequest(desk, url, request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, asJson({ problems: [messageOf(error)] }, 500));
    });
}
