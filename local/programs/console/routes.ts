/** What the console answers, by path. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import type { Target } from '../operate/target.ts';
import { asJson, asPage, jsonIn, send, sendEvents } from './answers.ts';
import type { Reply } from './answers.ts';
import type { PageFile } from './files.ts';
import type { LiveFarm } from './live-farm.ts';
import { foretell, isOrder } from './orders.ts';
import type { OrderEvent } from './orders.ts';
import { consolePage } from './page.ts';
import type { PastFeed } from './past-feed.ts';

export interface Desk {
  readonly title: string;
  readonly ask: Target;
  readonly farm: LiveFarm;
  readonly past: PastFeed;
  readonly files: ReadonlyMap<string, PageFile>;
  /** Who orders, for the journal; absent where nobody is named. */
  readonly by?: string;
}

/** How much of the past can be asked for. */
export const SPANS = [
  [3600, 'hour'],
  [6 * 3600, '6 hours'],
  [24 * 3600, 'day'],
  [7 * 24 * 3600, 'week'],
  [30 * 24 * 3600, '30 days'],
] as const;

const NOT_FOUND = asJson({ problems: ['there is nothing here'] }, 404);
const NOT_UNDERSTOOD = asJson({ problems: ['this is not understood'] }, 400);

/** Answers a request that may be answered. */
export async function answerRequest(
  desk: Desk,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'GET' && url.pathname === '/events') {
    const leave = desk.farm.subscribe(sendEvents(response));
    response.on('close', leave);
    return;
  }
  const isPost = request.method === 'POST';
  if (!isPost && request.method !== 'GET') send(response, NOT_FOUND);
  else send(response, isPost ? await changed(desk, url, await jsonIn(request)) : await shown(desk, url));
}

async function shown({ title, past, files }: Desk, { pathname, searchParams }: URL): Promise<Reply> {
  if (pathname === '/') return asPage(consolePage(title, SPANS));
  if (pathname === '/past') {
    const seconds = Number(searchParams.get('seconds'));
    return SPANS.some(([one]) => one === seconds) ? asJson(await past.view(seconds)) : NOT_UNDERSTOOD;
  }
  const file = files.get(pathname);
  return file === undefined ? NOT_FOUND : { status: 200, ...file };
}

async function changed(desk: Desk, { pathname }: URL, body: unknown): Promise<Reply> {
  if (pathname === '/explain') return isExplain(body) ? asked(desk, body) : NOT_UNDERSTOOD;
  if (!isOrder(body)) return NOT_UNDERSTOOD;
  if (pathname === '/foretell') return asJson(foretell(body, desk.farm.news.status));
  if (pathname !== '/order') return NOT_FOUND;
  const reply = await asked(desk, signed(desk, body));
  // What has changed by it is told at once, not with the next look.
  void desk.farm.refresh();
  return reply;
}

const isExplain = (body: unknown): body is OrderEvent =>
  typeof body === 'object' && body !== null && Object.keys(body).join() === 'explain';

/** In the name of who gives it, as from a terminal. */
function signed({ by }: Desk, event: OrderEvent): OrderEvent {
  const [[name = '', body] = []] = Object.entries(event);
  if (by === undefined || typeof body !== 'object' || body === null) return event;
  return { [name]: { ...body, by } };
}

/** Whatever the function says, and why it could not be asked. */
async function asked({ ask }: Desk, event: OrderEvent): Promise<Reply> {
  try {
    return asJson(await ask(event));
  } catch (error) {
    return asJson({ problems: [messageOf(error)] }, 502);
  }
}
