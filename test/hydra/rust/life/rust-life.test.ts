/** What a status of the Rust queue runner proves of machines, and what it does not. */
import { describe, expect, it } from 'vitest';
import type { Drain } from '../../../../lambdas/core/model/index.ts';
import {
  LINUX,
  NOW,
  aBootingMachine,
  aConfig,
  aType,
  actionsIn,
  lacking,
  onlyMachine,
  problemsIn,
  sightingAt,
} from '../../../core/given.ts';
import { ID, QUIET, aBuilder, aDialled, dialledAt, drainingAs, rustPlan, seenWith } from '../plans.ts';

const NEEDED = dialledAt(aConfig([aType(LINUX, { minMachines: 1, maxMachines: 2 })]));
const CLEAR: Drain = { ...QUIET, clear: sightingAt(NOW - 40) };
const closed = (changed: Parameters<typeof aDialled>[0] = {}) => aDialled({ offered: false, ...changed });

describe('a drained machine', () => {
  it('is clear once no row of the database is of a step on it', () => {
    const drainOf = (busySteps: number) =>
      onlyMachine(rustPlan(seenWith(drainingAs(QUIET), { shown: closed({ busySteps }) }))).drain;
    expect(drainOf(1)).not.toHaveProperty('clear');
    expect(drainOf(0)).toMatchObject({ clear: sightingAt(NOW) });
  });

  it.each([
    [599, { idleSince: NOW - 599 }, false],
    [600, { idleSince: NOW - 600 }, true],
  ])('with a row that outlasts its last job by %i s: such a step hangs', (_seconds, shown, isClear) => {
    const drain = { ...QUIET, quiet: sightingAt(NOW - 40) };
    const plan = rustPlan(seenWith(drainingAs(drain), { shown: closed({ busySteps: 1, ...shown }) }));
    expect('clear' in (onlyMachine(plan).drain ?? {})).toBe(isClear);
  });

  it('of which the queue runner does not say since when it is idle counts as idle since it was seen so', () => {
    const since = (seconds: number): Drain => ({
      ...{ since: NOW - 5000, reason: 'not needed' },
      withdrawn: sightingAt(NOW - 4000),
      knownWithdrawn: sightingAt(NOW - 3900),
      quiet: sightingAt(NOW - seconds),
    });
    const shown = lacking(closed({ busySteps: 1 }), 'idleSince');
    const isClear = (seconds: number): boolean =>
      'clear' in (onlyMachine(rustPlan(seenWith(drainingAs(since(seconds)), { shown }))).drain ?? {});
    expect([isClear(599), isClear(600)]).toEqual([false, true]);
  });

  it('that has hung up holds nothing any more, and ends once two looks half a minute apart have shown that', () => {
    const missingFor = (seconds: number) =>
      rustPlan(seenWith(drainingAs({ ...CLEAR, missing: sightingAt(NOW - seconds) })));
    const first = rustPlan(seenWith(drainingAs(CLEAR)));
    expect(actionsIn(first)).toEqual([]);
    expect(onlyMachine(first).drain).toEqual({ ...CLEAR, missing: sightingAt(NOW) });
    expect(actionsIn(missingFor(29))).toEqual([]);
    expect(onlyMachine(missingFor(29)).drain?.missing).toEqual(sightingAt(NOW - 29));
    expect(actionsIn(missingFor(30))).toEqual([`terminate ${ID}`]);
  });

  it('that was missing and has dialled in again is judged by what it shows', () => {
    const drain = { ...CLEAR, missing: sightingAt(NOW - 30) };
    const idle = rustPlan(seenWith(drainingAs(drain), { shown: closed() }));
    expect(actionsIn(idle)).toEqual([`terminate ${ID}`]);
    const open = rustPlan(seenWith(drainingAs(drain), { shown: aDialled({ offered: true }) }));
    expect(actionsIn(open)).toEqual([]);
    expect(onlyMachine(open).drain).not.toHaveProperty('missing');
    const atWork = rustPlan(seenWith(drainingAs(drain), { shown: closed({ currentJobs: 1, busySteps: 1 }) }));
    expect(onlyMachine(atWork).drain).not.toHaveProperty('missing');
  });

  it('that has hung up without having been seen closed is taken for closed, and quiet', () => {
    const drain = { since: NOW - 100, reason: 'not needed', withdrawn: sightingAt(NOW - 90) };
    expect(onlyMachine(rustPlan(seenWith(drainingAs(drain)))).drain).toMatchObject({
      knownWithdrawn: sightingAt(NOW),
      quiet: sightingAt(NOW),
    });
  });

  it('that has not been heard of for three minutes is gone, whatever the status remembers of it', () => {
    const actionsAfter = (seconds: number) =>
      actionsIn(
        rustPlan(
          seenWith(drainingAs({ ...CLEAR, missing: sightingAt(NOW - 30) }), {
            shown: aDialled({ offered: true, currentJobs: 2, busySteps: 2, heardAt: NOW - seconds }),
          }),
        ),
      );
    expect(actionsAfter(180)).toEqual([]);
    expect(actionsAfter(181)).toEqual([`terminate ${ID}`]);
  });
});

describe('a machine in use', () => {
  const judged = (shown: Parameters<typeof aDialled>[0] | undefined, machine = aBuilder()) =>
    rustPlan(seenWith(machine, { shown: shown && aDialled(shown) }), NEEDED);

  it.each([
    ['is shown as usual', false, {}],
    ['has not been heard of for a minute', false, { heardAt: NOW - 60 }],
    ['has not been heard of for longer', true, { heardAt: NOW - 61 }],
    ['fails whatever it is given', true, { isFailing: true }],
    ['is not shown any more', true, undefined],
  ] as const)('that %s is doubted: %s', (_what, isDoubted, shown) => {
    const plan = judged(shown);
    const machine = plan.machines.find(({ instanceId }) => instanceId === ID);
    expect('unreachableSince' in (machine ?? {})).toBe(isDoubted);
    // And it is replaced.
    expect(actionsIn(plan)).toEqual(isDoubted ? [`launch 1 ${LINUX}`] : []);
  });

  it.each([
    ['fails', true, { isFailing: true }],
    ['is not shown yet', false, undefined],
    ['has not been heard of for a while', false, { heardAt: NOW - 90 }],
  ] as const)('that was never shown open and %s is doubted: %s', (_what, isDoubted, shown) => {
    const plan = judged(shown, lacking(aBuilder(), 'seenOffered'));
    expect('unreachableSince' in (plan.machines[0] ?? {})).toBe(isDoubted);
  });

  it('is the same at another address, and is taken back from a drain there', () => {
    const status = { demand: [{ key: LINUX, system: LINUX, features: [], runnable: 1, running: 0 }] };
    const drain = { since: NOW - 20, reason: 'not needed' };
    const observation = seenWith(drainingAs(drain), {
      ...{ shown: aDialled(), status },
      instance: { address: '10.0.0.99' },
    });
    expect(onlyMachine(rustPlan(observation)).phase).toBe('ready');
  });

  it('is offered by its record alone, and only while it is ready', () => {
    const offersOf = (machine: ReturnType<typeof aBuilder>) =>
      judged({}, machine).offers.map(({ machine: { instanceId } }) => instanceId);
    expect(offersOf(aBuilder())).toEqual([ID]);
    expect(offersOf(lacking(aBuilder(), 'address'))).toEqual([ID]);
    expect(offersOf({ ...aBootingMachine(), runner: 'rust' })).toEqual([]);
    expect(
      rustPlan(seenWith(drainingAs(QUIET), { shown: closed({ currentJobs: 1, busySteps: 1 }) })).offers,
    ).toEqual([]);
  });
});

describe('a closed machine that pings as an open one', () => {
  const told = (seconds: number, heardAt = NOW): readonly string[] => {
    const drain = { since: NOW - 900, reason: 'not needed', withdrawn: sightingAt(NOW - seconds) };
    const shown = aDialled({ offered: true, heardAt });
    return problemsIn(rustPlan(seenWith(drainingAs(drain), { shown }))).filter((problem) =>
      problem.includes('may still be given work'),
    );
  };

  it('for two minutes does not watch what closes it: that is told, with what to look at', () => {
    expect(told(120)).toEqual([]);
    expect(told(121)).toEqual([expect.stringMatching(/: i-00000001 was closed over 2 min ago .*NIX_CONFIG/)]);
  });

  it('may simply not have pinged since', () => {
    expect(told(170, NOW - 60)).toEqual([]);
  });

  it('has no more like it launched', () => {
    const drain = { since: NOW - 900, reason: 'not needed', withdrawn: sightingAt(NOW - 170) };
    const status = { demand: [{ key: LINUX, system: LINUX, features: [], runnable: 9, running: 0 }] };
    const machine = drainingAs(drain);
    const launches = (heardAt: number) =>
      actionsIn(
        rustPlan(seenWith(machine, { shown: aDialled({ currentJobs: 1, busySteps: 1, heardAt }), status })),
      ).filter((action) => action.startsWith('launch'));
    expect(launches(NOW)).toEqual([]);
    expect(launches(NOW - 60)).not.toEqual([]);
  });
});
