/** Why the account did not say something: in a line, with what to do instead. */
import { awsErrorCode } from '../../../lambdas/aws/errors.ts';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';

/** Nobody can be asked at all: without a region, credentials, or a way to AWS. */
export class AccountError extends Error {
  override readonly name = 'AccountError';
}

const OFFLINE = 'or say all by flags with --offline';
const LOG_IN = `log in (aws sso login), or export AWS_PROFILE; ${OFFLINE}`;

/** AWS's codes for credentials that are no good anywhere. */
const NO_CREDENTIALS =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken|ExpiredTokenException|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|MissingAuthenticationToken(Exception)?|AuthFailure)$/;
const NO_PERMISSION = /^(AccessDenied(Exception)?|UnauthorizedOperation|NotAuthorized)$/;
/** Kilobytes that only AWS can read come behind the first sentence of a denial. */
const LONGEST = 300;

/** What keeps every call from being answered; undefined where it may be this one alone. */
export function whyNobodyAnswers(error: unknown): AccountError | undefined {
  const says = messageOf(error).slice(0, LONGEST);
  const name = error instanceof Error ? error.name : '';
  if (/region is missing/i.test(says))
    return new AccountError(`no region is named: export AWS_REGION, or give --region; ${OFFLINE}`, {
      cause: error,
    });
  if (NO_CREDENTIALS.test(name) || /could not load credentials/i.test(says))
    return new AccountError(`AWS cannot be asked (${name}: ${says}): ${LOG_IN}`, { cause: error });
  // An answer, whatever it says, is one of AWS.
  if (awsErrorCode(error) !== undefined || !isOfTheNetwork(error)) return undefined;
  return new AccountError(
    `AWS cannot be reached (${says || name}): see to the network, AWS_REGION and AWS_ENDPOINT_URL; ${OFFLINE}`,
    {
      cause: error,
    },
  );
}

const NETWORK_CODE = /^(E[A-Z]+|TimeoutError)$/;
const isOfTheNetwork = (error: unknown): boolean =>
  error instanceof Error && NETWORK_CODE.test('code' in error ? String(error.code) : error.name);

/** What a call that failed costs. */
export interface Trouble {
  /** In IAM's words, such as `ec2:DescribeVpcs`. */
  readonly call: string;
  readonly says: string;
  readonly remedy: string;
}

/** @param instead what to do where the call cannot be allowed. */
export function troubleOf(call: string, error: unknown, instead: string): Trouble {
  const code = awsErrorCode(error);
  // The adapters speak of who calls as a rule, which is not who asks here.
  const words = messageOf(error)
    .replaceAll('the function', 'your role')
    .replace(/\s*Encoded authorization failure message:.*/s, '')
    .slice(0, LONGEST);
  const says = code === undefined ? words : `${code}: ${words}`;
  const remedy = NO_PERMISSION.test(code ?? '') ? `let your role call it, or ${instead}` : instead;
  return { call, says, remedy };
}

export const troubleInWords = ({ call, says, remedy }: Trouble): string =>
  `${call} did not help (${says}): ${remedy}`;
