import { describe, expect, it } from 'vitest';
import { awsErrorCode, isTokenUsed, refusalFor, refusalOf } from '../../lambdas/aws/errors.ts';
import { NO_ANSWER } from '../../lambdas/core/model/index.ts';

const thrown = (name: string, fault?: 'client' | 'server', message = 'no'): Error => {
  const error = Object.assign(new Error(message), fault === undefined ? {} : { $fault: fault });
  error.name = name;
  return error;
};

describe('what an AWS error means', () => {
  it('where there is no room is told with where, and without what AWS says of itself', () => {
    const said =
      'We currently do not have sufficient c7i.2xlarge capacity in the Availability Zone you requested (us-east-1a). ' +
      'Our system will be working on provisioning additional capacity. You can currently get c7i.2xlarge capacity by ' +
      'not specifying an Availability Zone in your request or choosing us-east-1b.';
    expect(refusalFor('InsufficientInstanceCapacity', said)).toMatchObject({
      says: 'We currently do not have sufficient c7i.2xlarge capacity in the Availability Zone you requested (us-east-1a).',
      remedy: 'AWS has none there now; more instanceTypes or subnets make this rarer',
    });
    expect(refusalFor('UnfulfillableCapacity', 'none').says).toBe('none');
    const other = 'You have reached your quota. Ask for more.';
    expect(refusalFor('VcpuLimitExceeded', other).says).toBe(other);
  });

  it.each([
    ['InsufficientInstanceCapacity', 'capacity'],
    ['UnfulfillableCapacity', 'capacity'],
    ['Unsupported', 'unsupported'],
    ['InsufficientFreeAddressesInSubnet', 'addresses'],
    ['SpotMaxPriceTooLow', 'market'],
    ['MaxSpotInstanceCountExceeded', 'market'],
    ['VcpuLimitExceeded', 'quota'],
    ['MaxFleetCountExceeded', 'quota'],
    ['RequestLimitExceeded', 'throttled'],
    ['ThrottlingException', 'throttled'],
    ['AuthFailure.ServiceLinkedRoleCreationNotPermitted', 'denied'],
    ['UnauthorizedOperation', 'denied'],
    ['InvalidAMIID.NotFound', 'configuration'],
    ['InvalidLaunchTemplateName.NotFoundException', 'configuration'],
    ['InvalidFleetConfig', 'configuration'],
    ['UnsupportedOperation', 'configuration'],
    ['UnsupportedTenancy', 'unsupported'],
    ['InvalidFleetConfiguration', 'unsupported'],
    ['InsufficientVolumeCapacity', 'capacity'],
    ['NetworkInterfaceLimitExceeded', 'quota'],
    ['InvalidSubnet', 'configuration'],
    ['InvalidSubnetID.NotFound', 'configuration'],
    ['InvalidSubnetID.Malformed', 'configuration'],
    ['InvalidKMSKey.InvalidState', 'configuration'],
    ['Client.InvalidKMSKey.InvalidState', 'configuration'],
    ['KMSKeyNotAccessibleFault', 'configuration'],
    ['InvalidInstanceID.NotFound', 'not-found'],
    ['IncorrectInstanceState', 'wrong-state'],
    ['SomethingNew', 'unknown'],
  ] as const)('%s is %s', (code, kind) => {
    expect(refusalFor(code, 'AWS says no')).toMatchObject({ kind, code });
  });

  it.each([
    ['InsufficientVolumeCapacity', /EBS has no room/],
    ['NetworkInterfaceLimitExceeded', /network interfaces/],
    ['InvalidSubnet', /"subnets"/],
    ['Client.InvalidKMSKey.InvalidState', /key policy/],
    ['MaxSpotInstanceCountExceeded', /quota of spot vCPUs.*spot-then-on-demand/],
  ])('%s has a remedy of its own', (code, remedy) => {
    expect(refusalFor(code, 'AWS says no').remedy).toMatch(remedy);
  });

  it('is another thing at a launch than at a stop', () => {
    const words = 'The requested operation is not supported';
    const at = (deed: 'launch' | 'start' | 'stop') => refusalFor('UnsupportedOperation', words, { deed });
    expect(at('stop')).toMatchObject({
      kind: 'configuration',
      remedy: expect.stringContaining('stopOnIdle') as unknown,
    });
    expect(at('launch')).toMatchObject({ kind: 'unsupported' });
    for (const { remedy } of [at('launch'), at('start'), refusalFor('UnsupportedOperation', words)])
      expect(remedy).not.toMatch(/stopOnIdle|cannot be stopped/);
  });

  it('keeps an encoded denial whole beside a short message that says how to read it', () => {
    const encoded = 'A-_9'.repeat(1500);
    const said = 'You are not authorized to perform this operation.';
    const refusal = refusalFor(
      'UnauthorizedOperation',
      `${said} Encoded authorization failure message: ${encoded}`,
    );
    expect(refusal.encoded).toBe(encoded);
    expect(refusal.says).toBe(said);
    expect(refusal.remedy).toContain('aws sts decode-authorization-message --encoded-message');
    expect(refusalFor('UnauthorizedOperation', said)).not.toHaveProperty('encoded');
    const long = `${'p'.repeat(1000)} Encoded authorization failure message: ${encoded}`;
    expect(refusalFor('UnauthorizedOperation', long).encoded).toBe(encoded);
  });

  it('keeps the reason of a denial, however long our own name in it is', () => {
    const role = `arn:aws:sts::123456789012:assumed-role/${'r'.repeat(64)}/${'f'.repeat(64)}`;
    const why = `ec2:RunInstances on resource: arn:aws:ec2:eu-central-1:123456789012:security-group/sg-0123456789abcdef0 because no identity-based policy allows the ec2:RunInstances action`;
    const message = `You are not authorized to perform this operation. User: ${role} is not authorized to perform: ${why}`;
    const refusal = refusalFor('UnauthorizedOperation', message);
    expect(refusal.says).toContain(why);
    expect(refusal.says).not.toContain('assumed-role');
  });

  it('tells AWS’s words and the remedy, and keeps endless ones short', () => {
    expect(
      refusalFor('AuthFailure.ServiceLinkedRoleCreationNotPermitted', 'The role is missing'),
    ).toMatchObject({
      says: 'The role is missing',
      remedy: expect.stringMatching(/create-service-linked-role.*spot\.amazonaws\.com$/) as unknown,
    });
    expect(refusalFor('UnauthorizedOperation', 'x'.repeat(10_000)).says).toHaveLength(400);
    expect(refusalFor('SomethingNew', 'odd')).toEqual({ kind: 'unknown', code: 'SomethingNew', says: 'odd' });
  });
});

describe('whether a thrown error is an answer', () => {
  it.each([
    ['a known code, even as a server error', thrown('InsufficientInstanceCapacity', 'server'), true],
    ['an unknown code that blames us', thrown('SomethingNew', 'client'), true],
    ['throttling', thrown('RequestLimitExceeded', 'server'), true],
    ['an unknown code that blames AWS', thrown('InternalError', 'server'), false],
    ['AWS being away', thrown('Unavailable', 'server'), false],
    ['an answer without a code', thrown('Unknown', 'client'), false],
    ['a timeout', thrown('TimeoutError'), false],
    ['a local error that bears a known name', thrown('AccessDenied'), false],
    ['something that is no error', 'boom', false],
  ])('%s: %s', (_, error, answered) => {
    expect(refusalOf(error).code !== NO_ANSWER).toBe(answered);
  });

  it('is named where it is none', () => {
    expect(refusalOf(thrown('TimeoutError', undefined, 'socket hang up'))).toEqual({
      kind: 'unknown',
      code: NO_ANSWER,
      says: 'no clear answer from AWS: TimeoutError: socket hang up',
    });
  });

  it('knows a token that was used', () => {
    expect(isTokenUsed(thrown('IdempotentParameterMismatch', 'client'))).toBe(true);
    expect(isTokenUsed(thrown('IdempotentInstanceTerminated', 'client'))).toBe(true);
    expect(isTokenUsed(thrown('InvalidParameterValue', 'client'))).toBe(false);
    expect(awsErrorCode(thrown('UnknownError', 'client'))).toBeUndefined();
  });
});
