/** The REST interface of the simulated Rust queue runner, on a loopback port, so that the scripts on its host really ask it. */
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RestAnswer, RustAnswers } from '../rust-runner/answers.ts';

export interface RestServer extends AsyncDisposable {
  readonly url: string;
}

const ROUTES: Readonly<Record<string, (answers: RustAnswers) => RestAnswer>> = {
  '/status': ({ status }) => status,
  '/status/queues': ({ queues }) => queues,
  '/status/build/1/active': ({ active }) => active,
};

/** @param answers what the queue runner would say at this instant. */
export async function startRest(answers: () => RustAnswers): Promise<RestServer> {
  const server = createServer((request, response) => {
    const route = ROUTES[request.url ?? ''];
    if (route === undefined) response.writeHead(404).end('{"error":"not found"}');
    else give(response, route(answers()));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Whoever asks one that hangs waits for as long as it likes. */
function give(response: ServerResponse, answer: RestAnswer): void {
  if (answer.kind === 'answered')
    response.writeHead(answer.code, { 'content-type': 'application/json' }).end(answer.text);
  else if (answer.kind === 'refused') response.destroy();
}
