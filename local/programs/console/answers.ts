/** What the console answers with, over HTTP. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A whole answer. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const asJson = (value: unknown, status = 200): Reply => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});

export const asPage = (body: string, status = 200): Reply => ({
  status,
  type: 'text/html; charset=utf-8',
  body,
});

/** Nothing but the console's own files runs or is asked, nothing frames it, and nothing is kept. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export function send(response: ServerResponse, { status, type, body, headers = {} }: Reply): void {
  response.writeHead(status, { ...HEADERS, ...headers, 'content-type': type });
  response.end(body);
}

/** An answer that goes on: events, each a line of JSON. @returns what sends one. */
export function sendEvents(response: ServerResponse): (event: unknown) => void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
  return (event) => {
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  };
}

const BODY_BYTES_MAX = 65_536;

/** What was sent as JSON; undefined for anything else, and for what is too long. */
export async function jsonIn(request: IncomingMessage): Promise<unknown> {
  if (request.headers['content-type'] !== 'application/json') return undefined;
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > BODY_BYTES_MAX) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
