/** Breakages of what is made of AWS's answers: setbacks, absence, rests, and what is held back. */
import { mutantsOf } from './mutant.ts';
import type { Mutant } from './mutant.ts';

export const setbackMutants: readonly Mutant[] = [
  ...mutantsOf(
    'lambdas/core/plan/setbacks.ts',
    ['test/core/plan/setbacks.test.ts'],
    [
      ['an end nobody wished is no setback', 'if (!isEarly) return undefined;', 'return undefined;'],
      [
        'steps lost twice to spot go to spot again',
        "if (kind === 'taken' && isTakenAgain(context, one))",
        "if (kind === 'taken-again' && isTakenAgain(context, one))",
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/plan/following.ts',
    ['test/core/plan/setbacks.test.ts'],
    [['start for ever what AWS stops again', 'undone: undone + 1', 'undone: undone + 0']],
  ),
  ...mutantsOf(
    'lambdas/core/plan/absence.ts',
    ['test/core/plan/absence.test.ts'],
    [
      ['absence is the end', '!denied.has(instanceId)) return false;', 'denied.size < 0) return false;'],
      ['believe an answer that leaves out half the farm', 'missed * 2 < expected.length', 'missed * 2 >= 0'],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/setback.ts',
    ['test/core/back-off.test.ts'],
    [
      [
        'a refusal of spot rests the type',
        "if (scope === 'type' || market === undefined) return [{}];",
        'return [{}];',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/back-off.ts',
    ['test/core/back-off.test.ts', 'test/core/farm-record.test.ts'],
    [
      [
        'forget what died because EC2 accepts the next launch',
        "      causeOf(backOff) === 'refused' &&\n",
        '',
      ],
      ['remember every pool', 'export const POOLS_MAX = 150;', 'export const POOLS_MAX = 15_000;'],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/plan/stopped.ts',
    ['test/core/plan/setbacks.test.ts'],
    [
      [
        'stopped machines pile up',
        'if (isExcess === true)',
        'if (isExcess === undefined && type === undefined)',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/plan/problems.ts',
    ['test/core/plan/setbacks.test.ts'],
    [
      [
        'launch although the file cannot be written',
        'if (unpublishable !== undefined)',
        "if (unpublishable === '')",
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/plan/scale-out.ts',
    ['test/core/plan/scale-out.test.ts'],
    [
      [
        'what is stuck holds its place for ever',
        'now - (machine.goingDownSince ?? now) >= STUCK_SECONDS',
        'now < 0',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/plan/boot.ts',
    ['test/core/plan/doubts.test.ts'],
    [
      [
        'a first failure is nothing',
        'return seen.lastFailure > since ? Math.max(1, seen.consecutiveFailures) : 0;',
        'return seen.lastFailure > since && seen.consecutiveFailures > 1 ? seen.consecutiveFailures : 0;',
      ],
    ],
  ),
];
