import { describe, expect, it } from 'vitest';
import {
  awsErrorCode,
  isTokenUsed,
  judge,
  refusalFor,
  refusalOf,
} from '../../../lambdas/adapters/aws-errors.ts';

const thrown = (name: string, fault?: 'client' | 'server', message = 'no'): Error => {
  const error = Object.assign(new Error(message), fault === undefined ? {} : { $fault: fault });
  error.name = name;
  return error;
};

describe('what an AWS error means', () => {
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
    ['InvalidInstanceID.NotFound', 'not-found'],
    ['IncorrectInstanceState', 'wrong-state'],
    ['SomethingNew', 'unknown'],
  ] as const)('%s is %s', (code, kind) => {
    expect(refusalFor(code, 'AWS says no')).toMatchObject({ kind, code });
  });

  it('tells AWS’s words and the remedy, and keeps endless ones short', () => {
    const { message } = refusalFor(
      'AuthFailure.ServiceLinkedRoleCreationNotPermitted',
      'The role is missing',
    );
    expect(message).toMatch(/^The role is missing \(.*create-service-linked-role.*spot\.amazonaws\.com\)$/);
    expect(refusalFor('UnauthorizedOperation', 'x'.repeat(10_000)).message.length).toBeLessThan(600);
    expect(refusalFor('SomethingNew', 'odd').message).toBe('odd');
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
    expect(judge(error).answered).toBe(answered);
  });

  it('is named where it is none', () => {
    expect(judge(thrown('TimeoutError', undefined, 'socket hang up'))).toEqual({
      answered: false,
      reason: 'no clear answer from AWS: TimeoutError: socket hang up',
    });
    expect(refusalOf(thrown('TimeoutError'))).toMatchObject({ kind: 'unknown', code: 'NoAnswer' });
  });

  it('knows a token that was used', () => {
    expect(isTokenUsed(thrown('IdempotentParameterMismatch', 'client'))).toBe(true);
    expect(isTokenUsed(thrown('IdempotentInstanceTerminated', 'client'))).toBe(true);
    expect(isTokenUsed(thrown('InvalidParameterValue', 'client'))).toBe(false);
    expect(awsErrorCode(thrown('UnknownError', 'client'))).toBeUndefined();
  });
});
