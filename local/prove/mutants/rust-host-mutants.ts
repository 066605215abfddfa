/** Breakages of how a host with the Rust queue runner is read, its builders are judged, and opened and closed. */
import { caughtBy } from './mutant.ts';
import type { Mutant } from './mutant.ts';
import { always, chooses, is, never, replaces, when, without } from './operations.ts';

export const rustHostMutants: readonly Mutant[] = [
  ...caughtBy(
    ['rust/queue-status.test.ts'],
    [
      ['believe a Rust queue runner that has just started', 'MIN_UPTIME_SECONDS', is('0')],
      ['believe old answers of the Rust queue runner', 'MAX_AGE_SECONDS', is('1e9')],
      ['believe a queue runner that has not read its queue', 'judge', never('checksFinished')],
      ['believe what is remembered without the database', 'judge', never('silence')],
      ['jobs that the database does not have are as good as any', 'databaseSilence.isEmpty', is('false')],
      ['believe a status in which machines hide each other', 'judge', never('machinesTotal')],
      ['take silence behind a socket for a refusal', 'unanswered', never('TIMED_OUT')],
      ['believe whatever HTTP code comes with it', 'readQueueStatus', never('http')],
    ],
  ),
  ...caughtBy(
    ['rust/status-content.test.ts'],
    [
      ['a closed gate is open', 'isOpen', always('buildDirFreePercent')],
      ['a builder whose store is full takes work', 'isOpen', always('storeFreePercent')],
      ['a new builder that burns every step is good', 'isFailing', never('FAILURES_OF_A_NEW_MACHINE')],
      ['builds that fail by themselves are the builder’s fault', 'isFailing', always('hasHardlyBuilt')],
      ['whoever has ever built anything is good for ever', 'isFailing', never('FAILURES_IN_A_ROW')],
      ['what a machine could not begin says nothing', 'isSpoiling', never('FAILURES_OF_A_NEW_MACHINE')],
      ['what was cut short by a restart was spoilt', 'isSpoiling', always('joinedAt')],
      [
        'steps on machines that are gone are running',
        'contentOf',
        replaces('withoutOrphans()', 'answer.demand'),
      ],
      ['a step that is over is work', 'machineOf', replaces('workOf()', 'printed.stats.currentJobs')],
      ['a machine that has lost some slots is useless', 'machineOf', always('held', 'maxJobs')],
      ['a machine that has lost all slots is of use', 'machineOf', never('held', 'maxJobs')],
      ['say nothing of lost slots', 'lostSlots', always('length', '0')],
      ['say nothing of steps that hang', 'orphans', always('length', '0')],
      ['a silent builder has room', 'machineOf', never('isSilent')],
      ['a builder without room has some', 'machineOf', never('hasCapacity')],
      ['who has not pinged yet was never heard of', 'heardAt', chooses('sinceLastPing')],
      ['know builders by their whole host names', 'keyOf', replaces('exec()', 'undefined')],
      ['say nothing of steps that are told apart by system alone', 'coarse', always('features')],
    ],
  ),
  ...caughtBy(
    ['rust-host-look.test.ts'],
    [
      ['a builder without a system of its type is ready', 'unlike', without('system', 'systems')],
      [
        'a builder without a feature of its type is ready',
        'unlike',
        without('features', 'supportedFeatures'),
      ],
      ['a builder with other slots than its type is ready', 'unlike', always('maxJobs')],
      ['a builder that has not pinged yet is ready', 'detailOf', never('lastPing')],
      ['a builder that fell silent is ready', 'detailOf', never('FRESH_SECONDS')],
      ['a builder that fails at everything is ready', 'detailOf', never('isFailing')],
      ['a builder that has lost all its slots is ready', 'detailOf', never('isUseless')],
      ['hold the settings of today against machines of yesterday', 'readinessOf', always('phase')],
      ['ask a builder why it is not there before it had the time', 'overdue', always('ASKED_AFTER_SECONDS')],
      ['work with a queue runner that the configuration excludes', 'RustHost.view', never('cpp')],
      ['who answered in half a look is known', 'RustHost.view', always('frame', 'ok')],
    ],
  ),
  ...caughtBy(
    ['rust-host-offer.test.ts'],
    [
      ['leave open what somebody opened again', 'RustHost.offer.toClose', never('offered')],
      [
        'close nothing that the status does not show open',
        'RustHost.offer.toClose',
        never('draining', 'isWithdrawn'),
      ],
      ['what could not be closed is closed', 'RustHost.offer.unproven', without('toClose')],
      ['what could not be opened is open', 'RustHost.offer.unproven', without('toOpen')],
      [
        'what serves the former queue runner is withdrawn whatever is known',
        'RustHost.offer.unproven',
        without('servedBy'),
      ],
      ['give up at once what cannot be asked', 'RustHost.offer.isGone', always('GONE_SECONDS')],
      ['wait for ever for what has vanished', 'RustHost.offer.isGone', never('GONE_SECONDS')],
      ['move the gates of machines that have none', 'RustHost.offer.ours', is('withdrawn')],
      ['open only what was never opened', 'isToOpen', chooses('machine')],
      ['open without a look', 'RustHost.offer', never('standing', 'undefined')],
      ['take refusals of SSM for silence of the builders', 'RustHost.offer', never('problem')],
      ['believe that a gate is where it should be', 'moveGates', always('ANSWER')],
      ['leave the former queue runner its file', 'leavesMachinesFile', never('servedBy')],
      ['empty the file of a queue runner that may still be there', 'leavesMachinesFile', always('trusted')],
    ],
  ),
  ...caughtBy(
    ['rust/host-answer.test.ts'],
    [
      [
        'believe a database that answers and does not',
        'decodeRustAnswer',
        never('unfinished', 'databaseProblem'),
      ],
      ['count a kind of steps twice', 'kindsIn', never('has')],
      ['believe features that nobody could tell', 'kindsIn', never('by', 'words')],
      ['count the steps of one machine twice', 'countsIn', never('has')],
      ['take more than was announced', 'decodeRustFrame', never('length')],
    ],
  ),
  ...caughtBy(
    ['builder-words.test.ts'],
    [
      ['another version is told by the journal alone', 'builderInWords', never('OTHER_VERSION')],
      ['what a builder died of once it dies of for ever', 'causesIn.death', is('lines.indexOf(DEATH)')],
      [
        'a builder that was of another version once is for ever',
        'builderInWords.mismatch',
        replaces('slice()', 'lines'),
      ],
      ['who is not answered says what it said last', 'builderInWords', never('address')],
      ['what stands after its causes is one', 'causesIn', always('end')],
    ],
  ),
  ...caughtBy(
    ['doctor-host.test.ts'],
    [
      ['two minutes are enough for a first machine', 'unsupported', always('ENOUGH_UNSUPPORTED_SECONDS')],
      ['an hour is as good as a day', 'unsupported', always('LEAST_UNSUPPORTED_SECONDS')],
      ['a dispatcher that never looks by itself will do', 'dispatch', never('seconds', '0')],
      ['a token file that cannot be read is as good as any', 'joining.useless', is('[]')],
      ['an empty token file is as good as any', 'joining.useless', when(['isFilled'], 'false')],
      ['anybody may reach the REST interface', 'rest', always('open', 'length')],
      ['builders reach the loopback', 'grpc', never('LOOPBACK')],
      ['builders that vanish are noticed in time', 'vanishing', always('GOOD_TCP_RETRIES')],
    ],
  ),
  ...caughtBy(
    ['decode-inspection.test.ts'],
    [['read settings in tables below for those at the top', 'numberIn', replaces('split()', '[toml]')]],
  ),
];
