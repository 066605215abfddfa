/** Any state of a farm that a store has to keep. */
import * as fc from 'fast-check';
import type {
  BackOff,
  Drain,
  Farm,
  FarmState,
  Floor,
  Launch,
  Machine,
  Phase,
  Pool,
  Sighting,
} from '../../lambdas/core/model/index.ts';

/** Objects as the code makes them; exotic prototypes are not part of the model. */
const PLAIN = { noNullPrototype: true };

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const name = fc.string({ unit: fc.constantFrom(...'abz09-_,:.'), minLength: 1, maxLength: 12 });
const count = fc.nat({ max: 10_000 });
/** Within some decades of now, often with a fraction. */
const seconds = fc.oneof(fc.nat(), fc.double({ min: 0.001, max: 4e9, noNaN: true }));
const market = fc.constantFrom('on-demand', 'spot');
const phase = fc.constantFrom<Phase>(
  'booting',
  'ready',
  'draining',
  'stopping',
  'stopped',
  'terminating',
  'failed',
);

const arbitrarySighting: fc.Arbitrary<Sighting> = fc.record({ at: seconds, hostAt: seconds }, PLAIN);

const arbitraryDrain: fc.Arbitrary<Drain> = fc.record(
  {
    since: seconds,
    reason: text,
    withdrawn: arbitrarySighting,
    knownWithdrawn: arbitrarySighting,
    quiet: arbitrarySighting,
    noneFinishing: arbitrarySighting,
    clear: arbitrarySighting,
  },
  { ...PLAIN, requiredKeys: ['since', 'reason'] },
);

const arbitraryMachine: fc.Arbitrary<Machine> = fc.record(
  {
    instanceId: name,
    type: name,
    phase,
    phaseSince: seconds,
    reason: text,
    billing: fc.constantFrom('hourly', 'per-second'),
    launchId: name,
    address: text,
    identity: text,
    offered: arbitrarySighting,
    seenOffered: arbitrarySighting,
    surplusSince: seconds,
    unreachableSince: seconds,
    reached: arbitrarySighting,
    startedAt: seconds,
    drain: arbitraryDrain,
    untagged: fc.constant(true as const),
  },
  { ...PLAIN, requiredKeys: ['instanceId', 'type', 'phase', 'phaseSince', 'reason', 'billing'] },
);

const arbitraryPool: fc.Arbitrary<Pool> = fc.record({ instanceType: text, subnet: text, market }, PLAIN);

const arbitraryLaunch: fc.Arbitrary<Launch> = fc.record(
  {
    id: name,
    type: name,
    count,
    pools: fc.array(arbitraryPool, { maxLength: 4 }),
    requestedAt: seconds,
  },
  { ...PLAIN, requiredKeys: ['id', 'type', 'count', 'pools', 'requestedAt'] },
);

const arbitraryFloor: fc.Arbitrary<Floor> = fc.record(
  { type: name, count, until: seconds.map((value) => value + 1), by: text },
  { ...PLAIN, requiredKeys: ['type', 'count', 'until'] },
);

const arbitraryBackOff: fc.Arbitrary<BackOff> = fc.record(
  {
    type: name,
    pool: arbitraryPool,
    failures: count,
    until: seconds,
    reason: text,
    trial: fc.constant(true as const),
  },
  { ...PLAIN, requiredKeys: ['type', 'failures', 'until', 'reason'] },
);

const arbitraryFarm: fc.Arbitrary<Farm> = fc.record(
  {
    backOffs: fc.array(arbitraryBackOff, { maxLength: 4 }),
    lastTrustedAt: seconds,
    untrustedSince: seconds,
    stalledSince: seconds,
    lastNudgedAt: seconds,
    lastTickAt: seconds,
  },
  { ...PLAIN, requiredKeys: ['backOffs'] },
);

/** States as `load(0)` returns them: unique ids, each list in their order. */
export const arbitraryState: fc.Arbitrary<FarmState> = fc.record(
  {
    farm: arbitraryFarm,
    machines: byId(arbitraryMachine, (machine) => machine.instanceId),
    launches: byId(arbitraryLaunch, (launch) => launch.id),
    floors: byId(arbitraryFloor, (floor) => floor.type),
  },
  PLAIN,
);

function byId<T>(arbitrary: fc.Arbitrary<T>, idOf: (record: T) => string): fc.Arbitrary<T[]> {
  return fc
    .uniqueArray(arbitrary, { selector: idOf, maxLength: 5 })
    .map((records) => records.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1)));
}
