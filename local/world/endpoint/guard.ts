/**
 * Who may speak to the endpoint. It runs shell scripts, so a web page open on the same machine must not reach it:
 * no foreign Host (DNS rebinding), no request a browser would send without asking first (every signed one makes it ask).
 */
import type { IncomingHttpHeaders } from 'node:http';
import { RegionError } from '../region/errors.ts';

const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;
const SIGNED = /^AWS4-HMAC-SHA256 Credential=[^/\s]+\/\d{8}\/[a-z0-9-]+\/[a-z0-9-]+\/aws4_request\b/;

/**
 * Signatures are asked for, not verified: any key will do.
 * @throws RegionError `AccessDenied` or `MissingAuthenticationToken`
 */
export function checkCaller(headers: IncomingHttpHeaders): void {
  if (!LOOPBACK_HOST.test(headers.host ?? '') || headers.origin !== undefined) {
    throw new RegionError('AccessDenied', 'The simulated region answers programs on this machine only.');
  }
  if (!SIGNED.test(headers.authorization ?? '')) {
    throw new RegionError(
      'MissingAuthenticationToken',
      'The request is not signed; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to anything.',
    );
  }
}
