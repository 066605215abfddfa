/** Everything that can go wrong, each with its own switch and rate. */
import type { RunnerKind } from '../../../lambdas/core/model/index.ts';
import { always, besides, call, hour, hourBesides } from './fault-kind.ts';
import type { FaultKind, SimulatedRunner } from './fault-kind.ts';
import { EVALUATION_FAULT_KINDS } from './evaluation-fault-kinds.ts';
import { RUST_FAULT_KINDS } from './rust-fault-kinds.ts';
import { WATCH_FAULT_KINDS } from './watch-fault-kinds.ts';

export const FAULT_KINDS = {
  'ec2-error': call(0.08, 'an EC2 call is refused under one of AWS’s error names'),
  'ec2-lost-reply': call(0.06, 'an EC2 call has its effect and its answer is lost'),
  'ec2-lost-request': call(0.04, 'an EC2 call never arrives'),
  'ec2-slow': call(0.08, 'an EC2 call takes up to 20 s'),
  'ec2-throttle-storm': hour(1, 'for minutes nearly every EC2 call is throttled'),
  'capacity-zone': hour(1, 'one zone has no machines of any type left'),
  'capacity-type': hour(1, 'one instance type is sold out'),
  'capacity-everywhere': hour(0.7, 'nothing is to be had anywhere'),
  'capacity-partial': hour(1, 'every pool has room for one or two machines'),
  'launch-hidden': hour(1, 'new machines stay invisible to other calls for up to a minute'),
  'host-key-late': call(0.3, 'neither console nor SSM tells the host keys'),
  'quiet-silent': call(0.3, 'machines asked whether they are quiet do not answer'),
  'boot-never': call(0.15, 'a machine never boots'),
  'boot-slow': call(0.15, 'a machine takes minutes more to boot'),
  'boot-without-nix': call(0.1, 'a machine boots and its Nix store never answers'),
  'address-change': hour(1, 'stopped machines come back at other addresses'),
  'spot-warning': hour(2, 'AWS takes a spot machine after two minutes’ notice'),
  'spot-no-warning': hour(1, 'AWS takes a spot machine without notice'),
  'machine-crash': hour(1, 'a machine dies and AWS ends it'),
  'machine-freeze': hour(1, 'a machine stands still for minutes'),
  'event-late': call(0.3, 'an EC2 event is delivered minutes late'),
  'event-doubled': call(0.3, 'an EC2 event is delivered twice'),
  'event-lost': call(0.3, 'an EC2 event is never delivered'),
  'command-undelivered': call(0.08, 'an SSM command never reaches the host'),
  'command-twice': call(0.08, 'an SSM command runs twice, the second time up to half a minute later'),
  'command-timed-out': call(0.05, 'an SSM command is killed half-way'),
  'command-truncated': call(0.05, 'the answer of an SSM command is cut off'),
  'command-late': call(0.1, 'an SSM command is answered up to 40 s late'),
  'command-reply-lost': call(0.05, 'an SSM command has its effect and its answer is lost'),
  'probe-lost': call(0.1, 'a probe of a machine is not carried out'),
  'probe-fails': call(0.1, 'a probe of a machine fails without reason'),
  'status-empty': call(0.04, 'the status is empty'),
  'status-garbage': call(0.05, 'the status is garbage'),
  'status-huge': call(0.02, 'the status is huge'),
  'status-hostile': call(0.05, 'the status bears hostile names'),
  'status-stale': call(0.05, 'an old status comes with exit code 0'),
  'runner-hangs': hour(0.7, 'the queue runner hangs for minutes'),
  'runner-killed': hour(0.7, 'the queue runner is killed and starts again minutes later'),
  'runner-down': hour(0.5, 'the queue runner is stopped for minutes'),
  'runner-restarts': hour(0.7, 'the queue runner restarts'),
  'database-down': hour(0.5, 'Hydra’s database is down for minutes'),
  'file-write-fails': call(0.08, 'the machines file cannot be written'),
  'disk-full': hour(0.5, 'the Hydra host’s disk is full for minutes'),
  'file-edited': hour(0.7, 'a person removes, empties or restores the machines file'),
  'host-reboots': hour(0.4, 'the Hydra host reboots'),
  'clock-function': hour(1, 'the function’s clock is wrong by minutes'),
  'clock-host': hour(1, 'the Hydra host’s clock is wrong by minutes'),
  'store-error': call(0.03, 'a DynamoDB call fails under one of AWS’s error names'),
  'store-lost-reply': call(0.03, 'a DynamoDB call has its effect and its answer is lost'),
  'store-record-fails': call(0.02, 'one record cannot be written'),
  'store-slow': call(0.05, 'a DynamoDB call takes up to 10 s'),
  'lease-stale': hour(1, 'somebody who died holds the lease'),
  'function-killed': call(0.01, 'the function is killed before or after a call'),
  'tick-doubled': call(0.1, 'a tick is delivered twice'),
  'tick-tripled': call(0.05, 'a tick is delivered three times'),
  'tick-late': call(0.05, 'a tick comes up to an hour late'),
  'tick-lost': call(0.05, 'a tick never comes'),
  'config-changed': hour(0.7, 'caps, floors and grace periods change'),
  'type-removed': hour(0.3, 'a machine type leaves the configuration and comes back later'),
  'type-renamed': hour(0.3, 'a machine type gets another name for a while'),
  'operator-scales-out': hour(1, 'a person scales out by hand'),
  'operator-scales-in': hour(1, 'a person ends a scale-out'),
  'operator-asks': hour(2, 'a person asks for the status'),
  'operator-terminates': hour(1, 'a person terminates a machine'),
  'operator-stops': hour(1, 'a person stops a machine, and perhaps starts it again'),
  'operator-starts': hour(1, 'a person launches a machine from our launch template'),
  // Below here the order matters as well: a kind's luck comes from its place, and what was found once is found by a seed.
  'journal-killed': besides(
    'function-killed',
    0.05,
    'the function is killed before or after it notes what it did',
  ),
  'journal-fails': besides('store-error', 0.1, 'an entry of the journal cannot be written'),
  'journal-slow': besides('store-slow', 0.1, 'an entry of the journal takes up to 10 s'),
  'operator-drains': always(0.5, 'a person orders a machine to drain, and perhaps releases it'),
  'operator-protects': always(0.4, 'a person protects a machine for a while'),
  'operator-pauses': always(0.2, 'a person pauses a type or everything for a while'),
  // Far more often than the 0.5 % measured under load, because a look rarely meets a copy.
  'status-torn': besides(
    'status-stale',
    0.05,
    'a status is not of one instant and counts too few active steps',
  ),
  'static-file-broken': hourBesides(
    'file-edited',
    0.4,
    'a person breaks a line of the static machines file, and all files are refused until it is repaired',
  ),
  'launch-dies': hourBesides(
    'machine-crash',
    1,
    'what EC2 launches well ends by itself while pending or soon after',
  ),
  'spot-pool-bad': hourBesides(
    'spot-no-warning',
    1,
    'AWS takes every spot machine of one kind soon after it runs',
  ),
  'start-undone': hourBesides('address-change', 1, 'EC2 accepts a start and stops the machine again'),
  'instances-stuck': hourBesides(
    'machine-freeze',
    0.7,
    'AWS keeps machines pending, stopping or shutting down for up to two hours',
  ),
  'describe-partial': hourBesides(
    'launch-hidden',
    3,
    'EC2 answers well and leaves out some or all of the machines',
  ),
  'launch-hidden-long': hourBesides(
    'launch-hidden',
    0.5,
    'new machines stay invisible to other calls for up to 20 minutes',
  ),
  'tags-removed': hourBesides('operator-terminates', 0.5, 'somebody takes our tags off a machine'),
  'terminate-denied': hourBesides('ec2-error', 0.5, 'for minutes nobody may terminate anything'),
  'refused-side-call': hourBesides(
    'ec2-error',
    1,
    'for minutes a call that ticks make on the side is refused',
  ),
  'state-empty': besides('store-error', 0.03, 'DynamoDB answers a read well and shows no items'),
  'tick-doubled-same-id': besides('tick-doubled', 0.2, 'a tick is delivered twice under one request id'),
  'stranger-tagged': hourBesides(
    'operator-starts',
    1,
    'somebody puts our tags on an instance that is not ours',
  ),
  // The C++ queue runner's draws come from the places above: kinds of the other one have theirs below.
  ...RUST_FAULT_KINDS,
  ...WATCH_FAULT_KINDS,
  ...EVALUATION_FAULT_KINDS,
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof FAULT_KINDS;

/** Of the C++ queue runner's means alone. */
const CPP_ONLY: ReadonlySet<string> = new Set<FaultName>([
  'host-key-late',
  'quiet-silent',
  'probe-lost',
  'probe-fails',
  'file-write-fails',
  'disk-full',
  'file-edited',
  'static-file-broken',
  'status-torn',
]);

/** All kinds, in the order from which their luck comes. */
export const ALL_NAMES = Object.keys(FAULT_KINDS) as readonly FaultName[];

const kindOf = (name: FaultName): FaultKind => FAULT_KINDS[name];

const isOf = (name: FaultName, runner: RunnerKind): boolean =>
  (kindOf(name).runner ?? runner) === runner && (runner === 'cpp' || !CPP_ONLY.has(name));

/** Kinds that can strike the world of a queue runner, or of the two, one after the other. */
export const faultNamesOf = (runner: SimulatedRunner): readonly FaultName[] =>
  ALL_NAMES.filter((name) =>
    runner === 'upgraded' ? isOf(name, 'cpp') && isOf(name, 'rust') : isOf(name, runner),
  );

/** Those of the C++ one. */
export const FAULT_NAMES = faultNamesOf('cpp');

/** Kinds that the storms of such a world are made of. */
export const stormNamesOf = (runner: RunnerKind): readonly FaultName[] =>
  faultNamesOf(runner).filter(
    (name) => kindOf(name).besides === undefined && kindOf(name).always === undefined,
  );

/** Those of the C++ one. */
export const STORM_NAMES = stormNamesOf('cpp');

/** Kinds that strike in the storms of `name`. */
export const besidesOf = (name: FaultName): readonly FaultName[] =>
  ALL_NAMES.filter((other) => kindOf(other).besides === name);

/** Orders of people. */
export const ORDER_NAMES = ALL_NAMES.filter((name) => kindOf(name).always === true);
