/** The names under which AWS refuses, as its documentation and users tell; `ambiguous` ones may come after the deed. */

/** Of launches and starts. */
export const LAUNCH_ERRORS = [
  'InsufficientInstanceCapacity',
  'UnfulfillableCapacity',
  'InsufficientCapacity',
  'InsufficientHostCapacity',
  'Unsupported',
  'InsufficientFreeAddressesInSubnet',
  'SpotMaxPriceTooLow',
  'MaxSpotInstanceCountExceeded',
  'MaxFleetCountExceeded',
  'VcpuLimitExceeded',
  'InstanceLimitExceeded',
  'VolumeLimitExceeded',
  'MaxIOPSLimitExceeded',
  'IdempotentParameterMismatch',
  'IdempotentInstanceTerminated',
  'AuthFailure.ServiceLinkedRoleCreationNotPermitted',
  'InvalidAMIID.NotFound',
  'InvalidAMIID.Unavailable',
  'InvalidLaunchTemplateName.NotFoundException',
  'InvalidParameterValue',
  'InvalidUserData.Malformed',
] as const;

/** Of calls about instances that exist. */
export const INSTANCE_ERRORS = [
  'InvalidInstanceID.NotFound',
  'IncorrectInstanceState',
  'UnsupportedOperation',
  'InsufficientInstanceCapacity',
] as const;

/** Of any call. */
export const COMMON_ERRORS = [
  'RequestLimitExceeded',
  'UnauthorizedOperation',
  'InternalError',
  'ServiceUnavailable',
  'Unavailable',
] as const;

/** Of DynamoDB. */
export const STORE_ERRORS = [
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'InternalServerError',
  'TransactionConflictException',
  'ResourceNotFoundException',
] as const;
