/** What AWS’s error names mean for us, and what a person can do about each; `ssm-errors.ts` adds SSM’s own remedies. */
import { messageOf } from '../core/message-of.ts';
import type { Pool } from '../core/model.ts';
import type { Refusal, RefusalKind } from '../ports.ts';
import { NO_ANSWER } from '../refusals.ts';

interface Meaning {
  readonly kind: RefusalKind;
  readonly remedy: string;
  /** Separated by spaces. */
  readonly codes: string;
}

/** AWS documentation, and what others met in the wild; `InsufficientInstanceCapacity` comes with HTTP 500. */
const MEANINGS: readonly Meaning[] = [
  {
    kind: 'capacity',
    remedy: 'AWS has none there now; more instanceTypes or subnets make this rarer',
    codes:
      'InsufficientInstanceCapacity InsufficientCapacity InsufficientHostCapacity ' +
      'UnfulfillableCapacity ReservationCapacityExceeded',
  },
  {
    kind: 'unsupported',
    remedy: 'this instance type is not offered in that zone; remove the instance type or the subnet',
    codes: 'Unsupported InvalidFleetConfiguration',
  },
  {
    kind: 'addresses',
    remedy: 'the subnet is full; stopped machines keep their address too. Add a subnet or make it larger',
    codes: 'InsufficientFreeAddressesInSubnet',
  },
  {
    kind: 'market',
    remedy:
      'no spot machine can be had at this price or quota; wait, ask for more, or use market spot-then-on-demand',
    codes: 'SpotMaxPriceTooLow MaxSpotInstanceCountExceeded',
  },
  {
    kind: 'quota',
    remedy:
      'a quota of the region is used up; ask for more in Service Quotas. Terminated machines count for a while',
    codes:
      'VcpuLimitExceeded InstanceLimitExceeded MaxFleetCountExceeded PendingVerification ' +
      'VolumeLimitExceeded MaxIOPSLimitExceeded MaxSpotFleetRequestCountExceeded',
  },
  {
    kind: 'throttled',
    remedy: 'too many requests in this account and region; asked again later',
    codes:
      'RequestLimitExceeded Throttling ThrottlingException RequestThrottled ' +
      'TooManyRequestsException ThrottledException RequestThrottledException ' +
      'ProvisionedThroughputExceededException SlowDown',
  },
  {
    kind: 'denied',
    remedy:
      'the spot role is missing; run: aws iam create-service-linked-role --aws-service-name spot.amazonaws.com',
    codes: 'AuthFailure.ServiceLinkedRoleCreationNotPermitted',
  },
  {
    kind: 'denied',
    remedy: 'the instance is protected; switch off its stop or termination protection',
    codes: 'OperationNotPermitted',
  },
  {
    kind: 'denied',
    remedy: 'the function may not do this; deploy the stack again, or look for a policy of the organisation',
    codes:
      'UnauthorizedOperation AccessDenied AccessDeniedException AuthFailure OptInRequired Blocked ' +
      'UnrecognizedClientException InvalidClientTokenId ExpiredToken ExpiredTokenException ' +
      'RequestExpired SignatureDoesNotMatch MissingAuthenticationToken',
  },
  {
    kind: 'configuration',
    remedy: 'two subnets of this type lie in one availability zone; keep one a zone',
    codes: 'InvalidFleetConfig',
  },
  {
    kind: 'configuration',
    remedy: 'the image is gone or not for this account and region; check "image" of the machine type',
    codes: 'InvalidAMIID.NotFound InvalidAMIID.Unavailable InvalidAMIID.Malformed',
  },
  {
    kind: 'configuration',
    remedy: 'check "launchTemplate" of the machine type, or deploy the stack again',
    codes:
      'InvalidLaunchTemplateName.NotFoundException InvalidLaunchTemplateId.NotFound ' +
      'InvalidLaunchTemplateId.VersionNotFound InvalidLaunchTemplateName.MalformedException',
  },
  {
    kind: 'configuration',
    remedy: 'check "subnets" of the machine type and its launch template’s security groups',
    codes: 'InvalidSubnetID.NotFound InvalidGroup.NotFound InvalidSecurityGroupID.NotFound',
  },
  {
    kind: 'configuration',
    remedy:
      'one-time spot machines and images without an EBS root cannot be stopped: it is terminated; do not set stopOnIdle on such a type',
    codes: 'UnsupportedOperation UnsupportedHibernationConfiguration',
  },
  {
    kind: 'configuration',
    remedy: 'check the machine type and its launch template',
    codes:
      'InvalidParameterValue InvalidParameterCombination InvalidParameter MissingParameter ' +
      'InvalidUserData.Malformed InvalidKeyPair.NotFound InvalidBlockDeviceMapping UnknownParameter ' +
      'ValidationException ValidationError ResourceNotFoundException InvalidDocument',
  },
  {
    kind: 'not-found',
    remedy: 'not known to AWS yet, or no more; looked at again next time',
    codes: 'InvalidInstanceID.NotFound InvalidInstanceID.Malformed InvalidInstanceId InvocationDoesNotExist',
  },
  {
    kind: 'wrong-state',
    remedy: 'not in a state that allows this; looked at again next time',
    codes: 'IncorrectInstanceState IncorrectState InvalidState',
  },
];

const BY_CODE: ReadonlyMap<string, Meaning> = new Map(
  MEANINGS.flatMap((meaning) => meaning.codes.split(' ').map((code) => [code, meaning] as const)),
);

/** Long enough for every plain message; an encoded authorisation failure runs to kilobytes. */
const LONGEST_MESSAGE = 400;

/** The refusal behind an error code that AWS gave, with the remedy in its message. */
export function refusalFor(code: string, message: string, pool?: Pool): Refusal {
  const meaning = BY_CODE.get(code);
  const said = message.slice(0, LONGEST_MESSAGE);
  return {
    kind: meaning?.kind ?? 'unknown',
    code,
    message: meaning === undefined ? said : `${said} (${meaning.remedy})`,
    ...(pool === undefined ? {} : { pool }),
  };
}

/** What came of a call that threw: AWS refused it, or nobody knows whether AWS carried it out. */
export type Verdict =
  | { readonly answered: true; readonly refusal: Refusal }
  | { readonly answered: false; readonly reason: string };

/**
 * Judges whatever an SDK call threw. A refusal needs an error code out of AWS's own answer; a server error is one only
 * if we know its code, since an unknown failure inside AWS may come after the deed. Everything else (lost connection,
 * timeout, a body that is not AWS's) leaves the outcome open.
 */
export function judge(error: unknown): Verdict {
  const code = awsErrorCode(error);
  const message = messageOf(error);
  if (code !== undefined && (BY_CODE.has(code) || isClientFault(error))) {
    return { answered: true, refusal: refusalFor(code, message) };
  }
  return {
    answered: false,
    reason: `no clear answer from AWS: ${code ?? nameOf(error)}: ${message}`.slice(0, LONGEST_MESSAGE),
  };
}

/** The refusal behind a thrown error where an open outcome does no harm: that is an `unknown` refusal. */
export function refusalOf(error: unknown): Refusal {
  const verdict = judge(error);
  return verdict.answered ? verdict.refusal : { kind: 'unknown', code: NO_ANSWER, message: verdict.reason };
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
