/** Passes DynamoDB requests on to a real engine, so that one URL serves all of the function's clients. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { Reply } from './reply.ts';
import type { Request } from './answer.ts';

export const isDynamoDbTarget = (target: string): boolean => target.startsWith('DynamoDB_20120810.');

/** Connection headers belong to one connection only; the body's length is counted anew. */
const PASSED_HEADERS = [
  'authorization',
  'content-type',
  'x-amz-date',
  'x-amz-target',
  'x-amz-security-token',
];

/** @throws Error when the engine cannot be reached */
export function passToDynamoDb(url: string, { headers, body }: Request): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const upstream = httpRequest(url, { method: 'POST', headers: passedHeaders(headers) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 502,
          contentType: response.headers['content-type'] ?? 'application/x-amz-json-1.0',
          body: Buffer.concat(chunks).toString(),
          headers: checksumHeader(response.headers),
        });
      });
    });
    upstream.on('error', reject);
    upstream.end(body);
  });
}

const passedHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    PASSED_HEADERS.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    }),
  );

const checksumHeader = (headers: IncomingHttpHeaders): Record<string, string> => {
  const checksum = headers['x-amz-crc32'];
  return typeof checksum === 'string' ? { 'x-amz-crc32': checksum } : {};
};
