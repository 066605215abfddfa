/** Breakages of what is taken for proof that a machine may end. */
import { caughtBy } from './mutant.ts';
import type { Mutant } from './mutant.ts';
import { always, chooses, is, never, replaces, when, without } from './operations.ts';

export const evidenceMutants: readonly Mutant[] = [
  ...caughtBy(
    ['drain.test.ts', 'copied-back.test.ts', 'plan.property.test.ts'],
    [
      ['skip the acknowledgement of a drain', 'nextEvidence', never('offered')],
      ['one quiet look is enough', 'QUIET_SECONDS', is('0')],
      ['an answer is as young as its coming', 'askedAtOf', is('({ now }) => now')],
      ['offer again what was withdrawn by others and does not answer', 'isToAnswerFirst', is('() => false')],
      ['take outputs for copied back', 'nextEvidence', chooses('sighting')],
      ['one status without copies is enough', 'nextEvidence', always('noneFinishing', 'hostAt')],
      ['a run without copies goes on through one', 'inOrder', never('showsFinishing')],
      [
        'believe long idleness of a machine that serves its store',
        'isClear',
        when(['use', 'undefined'], "use === 'quiet'"),
      ],
      ['a machine missing from the status is idle', 'nextEvidence', always('mayBeMissing')],
      [
        'a drain goes on although another file was put in place of ours',
        'progressDrain',
        never('isOfferReplaced'),
      ],
      ['a status from before the unlisting proves it', 'nextEvidence', never('withdrawn', 'hostAt')],
    ],
  ),
  ...caughtBy(
    ['cpp'],
    [
      [
        'overlook copies in a status that is not of one instant',
        'stepsFinishing',
        without('nrStepsCopyingFrom', '0'),
      ],
    ],
  ),
  ...caughtBy(
    ['rust-life.test.ts'],
    [['what one look leaves out is gone', 'isDrained', always('isLongSince', 'missing')]],
  ),
  ...caughtBy(
    ['ending.test.ts'],
    [
      ['what was open a moment ago ends at once', 'isNewlyFailed', is('() => false')],
      ['what was at work and not ready ends on one quiet look', 'mayBeAtWork', never('shownAtWork')],
      ['one quiet look is enough for what was not ready', 'noteKnown', never('over', 'QUIET_SECONDS')],
    ],
  ),
  ...caughtBy(
    ['inventory.test.ts'],
    [['what AWS does not end goes on ending on old evidence', 'notEnded', always('END_SHOWS_SECONDS')]],
  ),
  ...caughtBy(
    ['boot.test.ts'],
    [
      ['what was given up and works all the same never ends', 'endFailed', never('isShownAtWork')],
      [
        'what was never ready is never at work, whatever the last trusted status showed at its address',
        'mayBeAtWork',
        never('unknownToRunner'),
      ],
    ],
  ),
  ...caughtBy(
    ['origin.test.ts'],
    [
      [
        'what has no record counts only while EC2 shows it',
        'takeInventory',
        replaces('hiddenUnrecorded()', '[]'),
      ],
    ],
  ),
  ...caughtBy(
    ['scale-in.test.ts'],
    [['what AWS may yet end is taken back', 'isUnblamed', always('endAsked')]],
  ),
  ...caughtBy(
    ['orders.test.ts'],
    [['take a state table that shows nothing for an empty farm', 'remembered', always('isBlank')]],
  ),
  ...caughtBy(
    ['unread.test.ts'],
    [
      [
        'one line that was read once proves that the file is read now',
        'lastReadAt.startedAt',
        is('observation.now'),
      ],
      ['blame the file for what others did to it', 'notListed', never('wasShown')],
    ],
  ),
];
