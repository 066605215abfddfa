import { describe, expect, it } from 'vitest';
import { isTerminal, resultOf } from '../../../lambdas/aws/ssm/results.ts';

describe('a status detail nobody has heard of', () => {
  it.each(['Pending', 'InProgress', 'Delayed', 'Cancelling', 'SomethingNew', ''])(
    'is waited for while the status is %s',
    (Status) => {
      const invocation = { Status, StatusDetails: 'Rate Exceeded', ResponseCode: -1 };
      expect(isTerminal(invocation)).toBe(false);
      expect(resultOf(invocation, 'i-1')).toBeUndefined();
    },
  );

  it.each([
    ['Failed', 1, 'failed'],
    ['Failed', -1, 'unknown'],
    ['Cancelled', -1, 'unknown'],
    ['TimedOut', -1, 'unknown'],
    ['Success', 0, 'unknown'],
  ] as const)(
    'is the end of it when the status is %s with exit code %i: %s',
    (Status, ResponseCode, outcome) => {
      const invocation = { Status, StatusDetails: 'Incomplete', ResponseCode };
      expect(isTerminal(invocation)).toBe(true);
      const result = resultOf(invocation, 'i-1');
      expect(result).toMatchObject({ problem: { outcome, says: expect.stringContaining('i-1') as unknown } });
      expect(result).toMatchObject({
        problem: { says: expect.stringContaining(`"Incomplete" (${Status})`) as unknown },
      });
    },
  );
});
