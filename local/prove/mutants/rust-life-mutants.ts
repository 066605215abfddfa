/** Breakages of what is concluded from a status of the Rust queue runner, and of the rules on that. */
import { caughtBy } from './mutant.ts';
import type { Mutant } from './mutant.ts';
import { always, is, never, replaces, when } from './operations.ts';

export const rustLifeMutants: readonly Mutant[] = [
  ...caughtBy(
    ['rust-life.test.ts'],
    [
      ['a row in the database is nothing', 'isClear', always('busySteps')],
      ['a step that hangs holds its machine for ever', 'isClear', never('HANGING_SECONDS')],
      ['any row that outlasts the jobs hangs', 'isClear', replaces('HANGING_SECONDS', '0')],
      ['count idleness by the queue runner’s word alone', 'isClear', replaces('quiet', 'undefined')],
      ['whoever has hung up may be at work', 'rustLife.mayBeMissing', is('() => false')],
      ['what vanished is there as long as the status remembers it', 'seenIn', never('GONE_SECONDS')],
      ['a moment of silence is the end', 'seenIn', replaces('GONE_SECONDS', '60')],
      [
        'a machine that fails at everything is as good as any',
        'isDoubtful',
        when(['undefined', 'isFailing'], 'seen === undefined'),
      ],
      ['a machine that has never built anything cannot be doubted', 'isDoubtful', never('seenOffered')],
      ['silence is no reason to doubt', 'isDoubtful', never('SILENT_SECONDS')],
      ['whoever has hung up is as good as any', 'isDoubtful', never('seen', 'undefined')],
      ['know builders by their addresses', 'rustLife.keyOf', is('({ address }) => address')],
      ['offer machines that drain', 'rustLife.offersOf', always('ready')],
      ['say nothing of a machine that does not heed its gate', 'unheeded', never('HEEDLESS_SECONDS')],
      [
        'blame a machine for what it said before it was closed',
        'unheeded',
        when(['HEEDLESS_SECONDS'], 'status.at - drain.withdrawn.hostAt > HEEDLESS_SECONDS'),
      ],
    ],
  ),
  ...caughtBy(
    ['rust-checks.test.ts'],
    [
      ['the rules let a machine end whose steps have rows', 'rustChecks.isClear', always('busySteps')],
      ['the rules let no machine end on which a step hangs', 'rustChecks.isClear', never('HANGING_SECONDS')],
      ['the rules take any silence for the end', 'rustChecks.seenIn', replaces('FORGOTTEN_SECONDS', '0')],
      ['the rules never take silence for the end', 'rustChecks.seenIn', never('FORGOTTEN_SECONDS')],
      ['the rules know builders by their addresses', 'rustChecks.seenIn', replaces('instanceId', "''")],
      ['the rules let no machine end that has hung up', 'rustChecks.mayBeMissing', is('() => false')],
      ['the rules let machines be launched for either queue runner', 'rustChecks.kind', is("'cpp'")],
    ],
  ),
  ...caughtBy(
    ['upgrade.test.ts'],
    [
      ['launch builders that do not know where to dial in', 'rustLife.lackOfFarm', never('queueRunnerAddr')],
      ['keep machines of the former queue runner', 'checkHealth', never('isForeign')],
      ['machines of the former queue runner are capacity', 'isCapacity', always('isForeign')],
      ['drain what a person protects, because the queue runner is another', 'foreign', never('isHeld')],
      ['drain for a queue runner that has just come up', 'foreign', never('status')],
      [
        'what the former queue runner showed proves something to the new one',
        'isRunnerReplaced',
        never('formerRunner'),
      ],
      ['a look that cannot tell says that it is the first', 'runnerOf', replaces('formerRunner()', 'FIRST')],
    ],
  ),
  ...caughtBy(
    ['whole-life.test.ts', 'machine-trouble.test.ts'],
    [['a farm never learns which queue runner it has', 'serving', always('FIRST')]],
  ),
];
