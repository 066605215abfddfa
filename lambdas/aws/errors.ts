/** What AWS answered when it refused, in our words; `ssm/errors.ts` adds SSM’s own remedies. */
import { messageOf } from '../core/text/message-of.ts';
import type { Pool, Problem } from '../core/model/index.ts';
import type { Refusal } from '../ports.ts';
import { NO_ANSWER } from '../core/model/refusal.ts';
import { meaningOf } from './error-meanings.ts';
import type { Deed } from './error-meanings.ts';

/** What a refused call was about, as far as it is known. */
export interface About {
  readonly pool?: Pool | undefined;
  readonly deed?: Deed | undefined;
}

/** Long enough for every plain message; an encoded authorisation failure runs to kilobytes. */
const LONGEST_MESSAGE = 400;

/** What AWS puts before the reasons of a denial that only `decode-authorization-message` can read. */
const ENCODED = /\s*Encoded authorization failure message:\s*(?<encoded>\S+)/;
/** Our own name in a denial, long enough to push the reason out of what is kept. */
const CALLER = /(?<=User: )arn:\S+(?= is not authorized)/;
/** Kilobytes as a rule; AWS would not decode anything longer. */
const LONGEST_ENCODED = 20_000;

/** The refusal behind an error code that AWS gave, with the remedy. */
export function refusalFor(code: string, message: string, { pool, deed }: About = {}): Refusal {
  const meaning = meaningOf(code, deed);
  const words = wordsOf(meaning?.kind === 'capacity' ? firstSentence(message) : message);
  const decode = words.encoded === undefined ? [] : [DECODE];
  const remedies = [...(meaning === undefined ? [] : [meaning.remedy]), ...decode];
  return {
    kind: meaning?.kind ?? 'unknown',
    code,
    ...words,
    ...(remedies.length === 0 ? {} : { remedy: remedies.join('; ') }),
    ...(pool === undefined ? {} : { pool }),
  };
}

/** Where AWS has no room it says for what and where, then goes on about itself and other zones, for every pool again. */
const firstSentence = (message: string): string => /^.*?\.(?=\s|$)/s.exec(message)?.[0] ?? message;

/** What AWS said, in short, and apart from that what only `decode-authorization-message` can read. */
export function wordsOf(message: string): Problem {
  const encoded = ENCODED.exec(message)?.groups?.['encoded']?.slice(0, LONGEST_ENCODED);
  const says = message.replace(ENCODED, '').replace(CALLER, 'the function').slice(0, LONGEST_MESSAGE);
  return { says, ...(encoded === undefined ? {} : { encoded }) };
}

const DECODE = 'which policy denies it tells: aws sts decode-authorization-message --encoded-message …';

/**
 * What came of a call that threw. A refusal needs an error code out of AWS's own answer; a server error is one only if we
 * know its code, since an unknown failure inside AWS may come after the action. Everything else (lost connection,
 * timeout, a body that is not AWS's) leaves the outcome open, and has the code {@link NO_ANSWER}.
 */
export function refusalOf(error: unknown, deed?: Deed): Refusal {
  const code = awsErrorCode(error);
  const message = messageOf(error);
  if (code !== undefined && (meaningOf(code) !== undefined || isClientFault(error)))
    return refusalFor(code, message, { deed });
  const says = `no clear answer from AWS: ${code ?? nameOf(error)}: ${message}`.slice(0, LONGEST_MESSAGE);
  return { kind: 'unknown', code: NO_ANSWER, says };
}

/** An earlier request with this idempotency token has been carried out already, or its instances are gone again. */
export function isTokenUsed(error: unknown): boolean {
  const code = awsErrorCode(error);
  return code === 'IdempotentParameterMismatch' || code === 'IdempotentInstanceTerminated';
}

/** The code AWS gave; undefined when the error is not an answer of AWS at all. */
export function awsErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('$fault' in error)) return undefined;
  return error.name === 'Unknown' || error.name === 'UnknownError' ? undefined : error.name;
}

const isClientFault = (error: unknown): boolean =>
  error instanceof Error && '$fault' in error && error.$fault === 'client';

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'error');
