/** What machines ran for, by made-up looks. */
import { describe, expect, it } from 'vitest';
import type { Instance, Machine, Observation } from '../../../lambdas/core/model/index.ts';
import { Meter } from '../../../local/programs/past/meter.ts';
import type { Use } from '../../../local/programs/past/meter.ts';
import { paidByType, paidFor } from '../../../local/programs/past/money.ts';

const ID = 'i-0123456789abcdef0';
const ADDRESS = '10.0.0.7';

interface Seen {
  readonly at: number;
  readonly state?: Instance['state'];
  readonly phase?: Machine['phase'];
  /** Undefined for a status that is not trusted. */
  readonly jobs?: number;
  readonly startedAt?: number;
  readonly more?: Partial<Machine>;
}

function seen({ at, state, phase = 'ready', jobs, startedAt = 1000, more = {} }: Seen): Observation {
  const machine: Machine = {
    ...{ instanceId: ID, type: 'x86_64-linux', phase, phaseSince: 1000, reason: '', billing: 'per-second' },
    ...{ address: ADDRESS, dollarsPerHour: 3.6, ...more },
  };
  const key = `ssh://root@${ADDRESS}`;
  const shown = { key, offered: true, currentJobs: jobs ?? 0, consecutiveFailures: 0 };
  return {
    now: at,
    state: { farm: { backOffs: [] }, machines: [machine], launches: [], floors: [] },
    instances:
      state === undefined
        ? []
        : [{ instanceId: ID, state, startedAt, market: 'on-demand', address: ADDRESS }],
    queue:
      jobs === undefined
        ? { trusted: false, cause: 'down', says: 'it is down' }
        : { trusted: true, at, runnerStartedAt: 0, demand: [], machines: new Map([[ADDRESS, shown]]) },
    readiness: [],
    identities: new Map(),
    storeUse: new Map(),
    denied: new Set(),
    problems: [],
  };
}

function metered(...looks: readonly Seen[]): Readonly<Record<Use, number>> | undefined {
  const meter = new Meter();
  for (const look of looks) meter.look(seen(look));
  return meter.bills[0]?.seconds;
}

const running = 'running' as const;

describe('a machine is counted', () => {
  it('by what it did at the look before', () => {
    expect(
      metered(
        { at: 900 },
        { at: 1100, state: running, phase: 'booting', jobs: 0 },
        { at: 1200, state: running, jobs: 2 },
        { at: 1300, state: running, jobs: 0 },
        { at: 1350, state: running },
        { at: 1400, state: running, jobs: 0 },
      ),
    ).toEqual({ booting: 200, working: 100, idle: 50, unknown: 50 });
  });

  it('from the first look on where it ran before, and from its start where it began later', () => {
    expect(
      metered({ at: 5000, state: running, jobs: 0 }, { at: 5100, state: running, jobs: 0 }),
    ).toMatchObject({ idle: 100, booting: 0 });
    expect(metered({ at: 900 }, { at: 1300, state: running, phase: 'booting', jobs: 0 })).toMatchObject({
      booting: 300,
    });
  });

  it('while EC2 does not show it for once, and not beyond what was seen where it never does again', () => {
    const looks = [{ at: 1000, state: running, jobs: 0 }, { at: 1100 }] as const;
    expect(metered(...looks)).toMatchObject({ idle: 0 });
    expect(metered(...looks, { at: 1200, state: running, jobs: 0 })).toMatchObject({ idle: 200 });
  });

  it('up to the request that ended it, else to when EC2 was first seen ending it', () => {
    const meter = new Meter();
    meter.look(seen({ at: 1000, state: running, jobs: 0 }));
    meter.acted([{ kind: 'terminate', instanceId: ID, reason: 'drained' }], 1030);
    meter.look(seen({ at: 1300, state: 'shutting-down', jobs: 0 }));
    meter.look(seen({ at: 1400, state: 'terminated', jobs: 0 }));
    expect(meter.bills[0]?.seconds.idle).toBe(30);
    expect(
      metered(
        { at: 1000, state: running, jobs: 0 },
        { at: 1300, state: 'shutting-down', jobs: 0, more: { goingDownSince: 1250 } },
      ),
    ).toMatchObject({ idle: 250 });
  });

  it('and goes on where AWS refused to end it', () => {
    const meter = new Meter();
    meter.look(seen({ at: 1000, state: running, jobs: 0 }));
    meter.acted([{ kind: 'terminate', instanceId: ID, reason: 'drained' }], 1030);
    meter.look(seen({ at: 1300, state: running, jobs: 0 }));
    expect(meter.bills[0]?.seconds.idle).toBe(300);
  });

  it('not while it is stopped, and again from its next start on', () => {
    expect(
      metered(
        { at: 1000, state: running, jobs: 1 },
        { at: 1100, state: 'stopping', more: { goingDownSince: 1060 } },
        { at: 2000, state: 'stopped', phase: 'stopped' },
        { at: 3000, state: running, phase: 'booting', jobs: 0, startedAt: 2900 },
      ),
    ).toEqual({ working: 60, booting: 100, idle: 0, unknown: 0 });
  });
});

describe('what was paid', () => {
  const bill = (type: string, idle: number, dollarsPerHour?: number) => ({
    ...{ machine: ID, type, seconds: { working: 1800, idle, booting: 0, unknown: 0 } },
    ...(dollarsPerHour === undefined ? {} : { dollarsPerHour }),
  });
  const bills = [bill('cheap', 1800, 1), bill('dear', 0, 10), bill('unknown', 0)];

  it('is told with what of it was idle, and leaves out what has no price', () => {
    expect(paidFor(bills)).toMatchObject({
      dollars: 6,
      idleDollars: 0.5,
      unpricedSeconds: 1800,
      total: 7200,
    });
  });

  it('is told by type, the dearest first', () => {
    expect(paidByType(bills).map(([type]) => type)).toEqual(['dear', 'cheap', 'unknown']);
  });
});
