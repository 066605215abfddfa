/** Breakages of what is taken for proof that a machine may end. */
import { mutantsOf } from './mutant.ts';
import type { Mutant } from './mutant.ts';

export const evidenceMutants: readonly Mutant[] = [
  ...mutantsOf(
    'lambdas/core/plan/drain.ts',
    [
      'test/core/plan/drain.test.ts',
      'test/core/plan/copied-back.test.ts',
      'test/core/plan/plan.property.test.ts',
    ],
    [
      ['skip the acknowledgement of a drain', 'if (seen?.listed === true) return start;', ''],
      ['one quiet look is enough', 'const QUIET_SECONDS = 30;', 'const QUIET_SECONDS = 0;'],
      [
        'take outputs for copied back',
        '(status.stepsCopyingBack === 0 ? sighting : undefined)',
        '(status.stepsCopyingBack !== -1 ? sighting : undefined)',
      ],
      [
        'one status without copies is enough',
        'status.stepsCopyingBack === 0 && status.at > uncopied.hostAt',
        'status.stepsCopyingBack === 0',
      ],
      [
        'a run without copies goes on through one',
        'uncopied.hostAt >= quiet.hostAt && !showsCopies(status)',
        'uncopied.hostAt >= quiet.hostAt',
      ],
      [
        'believe long idleness of a machine that serves its store',
        "if (use !== undefined) return use === 'quiet';",
        "if (use === 'quiet') return true;",
      ],
      [
        'a machine missing from the status is idle',
        'if (seen === undefined && !mayBeMissing(machine, unlisted, status)) return drain;',
        '',
      ],
      [
        'a drain goes on although another file was put in place of ours',
        'const held = isFileReplaced(context.observation) ? undefined : machine.drain;',
        'const held = machine.drain;',
      ],
      [
        'a status from before the unlisting proves it',
        '|| status.at <= unlisted.hostAt) return drain;',
        ') return drain;',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/hydra/cpp/status-content.ts',
    ['test/hydra/cpp'],
    [
      [
        'overlook copies in a status that is not of one instant',
        'Math.max(0, nrActiveSteps - jobs, nrStepsCopyingFrom ?? 0)',
        'Math.max(0, nrActiveSteps - jobs)',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/plan/ending.ts',
    ['test/core/plan/boot.test.ts'],
    [
      [
        'what was never ready is never at work, whatever the last trusted status showed at its address',
        'machine.unknownToRunner === undefined',
        'machine.instanceId === undefined',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/plan/inventory.ts',
    ['test/core/plan/origin.test.ts'],
    [
      [
        'what has no record counts only while EC2 shows it',
        'of hiddenUnrecorded(context.observation))',
        'of hiddenUnrecorded(context.observation).slice(0, 0))',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/operate/fields.ts',
    ['test/operate/orders.test.ts'],
    [
      [
        'take a state table that shows nothing for an empty farm',
        'if (state.isBlank === undefined) return state;',
        'return state;',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/plan/unread.ts',
    ['test/core/plan/unread.test.ts'],
    [
      [
        'one line that was read once proves that the file is read now',
        'Math.max(startedAt, instance?.startedAt ?? -Infinity)',
        'observation.now',
      ],
      ['blame the file for what others did to it', 'if (wasShown || seen?.listed', 'if (seen?.listed'],
    ],
  ),
];
