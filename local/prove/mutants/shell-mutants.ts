/** Breakages of what acts: the tick, the adapters, the scripts. */
import { caughtBy } from './mutant.ts';
import type { Mutant } from './mutant.ts';
import { always, chooses, is, never, replaces, rewords, without } from './operations.ts';

export const shellMutants: readonly Mutant[] = [
  ...caughtBy(
    ['reconcile', 'lease.test.ts'],
    [
      ['act on what could not be saved', 'act.outcome', replaces('unsaved', '[]')],
      ['carry out plans that break a rule', 'decide', always('violations')],
      ['list machines whose record could not be saved', 'announce.offers', replaces('unsaved', '[]')],
      ['act after the lease was lost', 'act', never('actions')],
      ['launch before the intent is saved', 'changes', always('known')],
    ],
  ),
  ...caughtBy(['orders.test.ts'], [['leave orders out of the journal', 'carryOut', without('note')]]),
  ...caughtBy(
    ['reconcile', 'simulate.test.ts'],
    [
      [
        'EC2 that cannot be asked has no machines',
        'observe',
        replaces('describe()', (old) => `${old}.catch(() => ({ instances: [], problems: [] }))`),
      ],
    ],
  ),
  ...caughtBy(
    ['cpp'],
    [
      ['trust a status with exit 1', 'readQueueStatus', chooses('judge')],
      ['believe old statuses', 'MAX_AGE_SECONDS', is('1e9')],
      ['believe a queue runner that has just started', 'MIN_UPTIME_SECONDS', is('0')],
    ],
  ),
  ...caughtBy(
    ['payload.test.ts', 'parsers.test.ts'],
    [['accept a damaged status', 'unpackPayload', never('createHash')]],
  ),
  ...caughtBy(
    ['machines-file.test.ts', 'parsers.test.ts'],
    [['let words split or comment a line', 'isColumn', never('SPLITS_LINE')]],
  ),
  ...caughtBy(
    ['errors.test.ts', 'launch.test.ts'],
    [
      [
        'take want of capacity for something unknown',
        'MEANINGS',
        rewords('InsufficientInstanceCapacity', 'Insufficient'),
      ],
    ],
  ),
  ...caughtBy(
    ['builders.test.ts'],
    [['believe SSM before the console', 'agreedKeys', always('other', 'hostKey')]],
  ),
  ...caughtBy(
    ['machine-fleet.endpoint.test.ts'],
    [['send a launch under a new token each time', 'fleetRequest.ClientToken', is('crypto.randomUUID()')]],
  ),
  ...caughtBy(
    ['hidden-role.test.ts'],
    [
      ['let builds have a role that may do something', 'set_up', always('$role_may')],
      ['believe iptables', 'hide_role_from_builds', always('is_hidden', '169.254.169.254')],
    ],
  ),
  ...caughtBy(
    ['publish.test.ts'],
    [
      ['write the machines file in place', 'write', rewords('mv', 'cp')],
      ['write a file only root can read', 'write', rewords('0644', '0600')],
      ['write whatever arrived', 'write', always('$wanted')],
    ],
  ),
  ...caughtBy(['documents'], [['say exit 0 whatever happened', 'observe.sh', rewords('$status_exit', '0')]]),
  ...caughtBy(
    ['gate.test.ts'],
    [
      ['say of a gate what was ordered', 'gate.sh', always('$found', '$state')],
      ['fill whatever is mounted where a gate should be', 'gate.sh', always('$size')],
    ],
  ),
  ...caughtBy(
    ['demand.test.ts'],
    [
      ['believe features that anybody may have written', 'may_keep', always('-n')],
      ['take half a chunk of derivations for all of it', 'read_required', rewords('break', 'true')],
    ],
  ),
  ...caughtBy(
    ['observe-rust.test.ts'],
    [['ask over HTTP whatever is configured', 'observe.sh', rewords('cpp', 'none')]],
  ),
  ...caughtBy(
    ['dead-man.test.ts'],
    [
      ['take any tick for word that the machine is wanted', 'read_wanted', rewords('no', 'yes')],
      ['end machines that work', 'dead-man.sh', always('$sessions')],
    ],
  ),
  ...caughtBy(
    ['registering.test.ts'],
    [
      ['register a builder that is open', 'close_gauge', always('head', '65536')],
      ['leave the other queue runner its way in', 'register', always('shut_the_queue_runner_out')],
      ['disturb Nix at its work', 'register', rewords('is-active', 'is-enabled')],
    ],
  ),
  ...caughtBy(
    ['dead-man-registered.test.ts'],
    [['end a builder without closing it', 'dead-man.sh', always('head', '65536')]],
  ),
  ...caughtBy(
    ['registering-host-keeps.test.ts'],
    [['shut out who has the former token', 'tokens.sh', always('put_token', 'current', 'previous')]],
  ),
  ...caughtBy(
    ['builder-entrance.test.ts'],
    [['keep a door open for a queue runner that is not there', 'servedQueueRunners.cpp', is('true')]],
  ),
];
