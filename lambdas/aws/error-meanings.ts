/** What AWS’s error codes mean for us, and what a person can do about each. */
import type { RefusalKind } from '../ports.ts';

/** What we were about to do to instances when AWS refused. */
export type Deed = 'launch' | 'start' | 'stop' | 'terminate';

export interface Meaning {
  readonly kind: RefusalKind;
  readonly remedy: string;
}

interface Entry extends Meaning {
  /** Separated by spaces; one that ends in `*` is for all that begin like it and have no entry of their own. */
  readonly codes: string;
}

/**
 * What EC2's codes mean (AWS: docs/develop/facts.md#ec2-error-codes); `InsufficientInstanceCapacity` comes with HTTP 500
 * (measured: docs/develop/facts.md#the-sdk-tries-want-of-capacity-again).
 */
const MEANINGS: readonly Entry[] = [
  {
    kind: 'capacity',
    remedy: 'AWS has none there now; more instanceTypes or subnets make this rarer',
    codes:
      'InsufficientInstanceCapacity InsufficientCapacity InsufficientHostCapacity ' +
      'UnfulfillableCapacity ReservationCapacityExceeded',
  },
  {
    kind: 'capacity',
    remedy: 'EBS has no room for its disk there now; subnets in other zones make this rarer',
    codes: 'InsufficientVolumeCapacity',
  },
  {
    kind: 'unsupported',
    remedy:
      'this instance type is not offered in that zone, or AWS is short of it; if it goes on, remove the instance type or the subnet',
    codes: 'Unsupported InvalidFleetConfiguration Unsupported*',
  },
  {
    kind: 'addresses',
    remedy: 'the subnet is full; stopped machines keep their address too. Add a subnet or make it larger',
    codes: 'InsufficientFreeAddressesInSubnet',
  },
  {
    kind: 'market',
    remedy: 'no spot machine can be had at this price; wait, or use market spot-then-on-demand',
    codes: 'SpotMaxPriceTooLow',
  },
  {
    kind: 'market',
    remedy:
      'the quota of spot vCPUs is used up; ask for more of "All Standard Spot Instance Requests" in Service Quotas, or use market spot-then-on-demand',
    codes: 'MaxSpotInstanceCountExceeded',
  },
  {
    kind: 'quota',
    remedy:
      'the quota of network interfaces in the region is used up; delete unused ones, or ask for more in Service Quotas',
    codes: 'NetworkInterfaceLimitExceeded',
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
    remedy: 'a tag policy of the organisation refuses a tag; correct deploy.tags and deploy',
    codes: 'TagPolicyViolation',
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
    codes: 'InvalidSubnetID.NotFound InvalidSubnet* InvalidGroup.NotFound InvalidSecurityGroupID.NotFound',
  },
  {
    kind: 'configuration',
    remedy:
      'the key that encrypts the disk cannot be used; enable it, and let the function (and for spot machines the role of spot) use it in its key policy',
    codes: 'InvalidKMSKey* KMSKey*',
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

/** A code whose meaning depends on the action. A start of a machine that cannot be started is not tried forever. */
const BY_DEED: ReadonlyMap<string, Readonly<Record<Deed, Meaning>>> = new Map([
  [
    'UnsupportedOperation',
    {
      launch: {
        kind: 'unsupported',
        remedy:
          'this instance type cannot be launched so, with this image, subnet or launch template; remove the instance type, or change those',
      },
      start: { kind: 'configuration', remedy: 'this machine cannot be started again; terminate it' },
      stop: {
        kind: 'configuration',
        remedy:
          'one-time spot machines and images without an EBS root cannot be stopped: it is terminated; do not set stopOnIdle on such a type',
      },
      terminate: {
        kind: 'configuration',
        remedy: 'this machine cannot be ended so; look at it in the EC2 console',
      },
    },
  ],
]);

/** Where it is not said what was about to be done. */
const UNSUPPORTED_CALL: Meaning = { kind: 'configuration', remedy: 'AWS does not offer this call here' };

const ENTRIES: readonly (readonly [string, Meaning])[] = MEANINGS.flatMap((meaning) =>
  meaning.codes.split(' ').map((code) => [code, meaning] as const),
);
const BY_CODE: ReadonlyMap<string, Meaning> = new Map(ENTRIES);
const BY_PREFIX: readonly (readonly [string, Meaning])[] = ENTRIES.filter(([code]) => code.endsWith('*')).map(
  ([code, meaning]) => [code.slice(0, -1), meaning],
);

/** Undefined for an unknown code. `Client.` and `Server.` before a code change nothing. */
export function meaningOf(code: string, deed?: Deed): Meaning | undefined {
  const name = code.replace(/^(Client|Server)\./, '');
  const deeds = BY_DEED.get(name);
  if (deeds !== undefined) return deed === undefined ? UNSUPPORTED_CALL : deeds[deed];
  return BY_CODE.get(name) ?? BY_PREFIX.find(([prefix]) => name.startsWith(prefix))?.[1];
}
