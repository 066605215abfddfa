import { describe, expect, it } from 'vitest';
import type { Action, Observation } from '../../../lambdas/core/model/index.ts';
import {
  aConfig,
  aMachine,
  anInstance,
  aStatus,
  aQueueMachine,
  aType,
  lacking,
  LINUX,
  NOW,
  sightingAt,
  untrusted,
} from '../given.ts';
import { HOURLY, idleSeconds, idling, plain, round, tallied, tick, ticks } from './timeline.ts';
import type { Changed } from './timeline.ts';

const KVM = 'x86_64-linux:kvm';

/** Idle seconds that the second of two looks, a period apart, explains. */
const betweenTwo = (changed: Changed, config = HOURLY): number =>
  idleSeconds(ticks(idling(NOW + 300, changed), idling(NOW + 600, changed)), config);

describe('time that machines stood idle because their hour was paid', () => {
  it('is what lies between the looks at an idle machine that nothing else kept', () => {
    const looks = [0, 300, 600, 900].map((seconds) => idling(NOW + seconds));
    expect(tallied(ticks(...looks))).toMatchObject({ since: NOW, isComplete: true });
    expect(idleSeconds(ticks(...looks))).toBe(900);
    expect(idleSeconds(ticks(idling(NOW)))).toBe(0);
    expect(idleSeconds([tick(NOW, [round(idling(NOW)), round(idling(NOW + 15))])])).toBe(15);
  });

  it('is told by machine type and instance type', () => {
    const config = aConfig([aType(LINUX, { billing: 'hourly' }), aType(KVM, { billing: 'hourly' })]);
    const look = (at: number): Observation => {
      const made = (id: string, type: string, instanceType: string) => ({
        machine: aMachine({ instanceId: id, type, address: id, billing: 'hourly', surplusSince: NOW - 9 }),
        instance: anInstance({ instanceId: id, type, instanceType, startedAt: NOW }),
      });
      const all = [
        made('i-1', LINUX, 'c7i.2xlarge'),
        made('i-2', LINUX, 'c7a.2xlarge'),
        made('i-3', LINUX, 'c7i.2xlarge'),
        made('i-4', KVM, 'c8i.4xlarge'),
        made('i-5', 'aarch64-linux', 'c7g.2xlarge'),
      ];
      const machines = all.map(({ machine }) =>
        lacking(aQueueMachine({ address: machine.instanceId }), 'idleSince'),
      );
      return {
        ...idling(at),
        state: { ...idling(at).state, machines: all.map(({ machine }) => machine) },
        instances: all.map(({ instance }) => instance),
        queue: aStatus({ at, machines }),
      };
    };
    expect(plain(tallied(ticks(look(NOW), look(NOW + 300)), config).idle)).toEqual({
      [LINUX]: { 'c7i.2xlarge': 600, 'c7a.2xlarge': 300 },
      [KVM]: { 'c8i.4xlarge': 300 },
    });
  });

  it('begins with the look that would have drained the machine: the first one after its grace', () => {
    const config = aConfig([aType(LINUX, { billing: 'hourly', gracePeriod: 400 })]);
    const looks = [0, 300, 600, 900, 1200].map((seconds) =>
      idling(NOW + seconds, { machine: { surplusSince: NOW } }),
    );
    expect(idleSeconds(ticks(...looks), config)).toBe(600);
  });

  it('is none while a machine is needed, at work, unknown or gone', () => {
    expect(betweenTwo({})).toBe(300);
    const needed = (at: number): Observation => {
      const look = idling(at);
      const machines = look.state.machines.map((machine) => lacking(machine, 'surplusSince'));
      return { ...look, state: { ...look.state, machines } };
    };
    expect(idleSeconds(ticks(needed(NOW), needed(NOW + 300)))).toBe(0);
    expect(betweenTwo({ seen: { currentJobs: 1 } })).toBe(0);
    expect(betweenTwo({ seen: { address: '10.0.0.9' } })).toBe(0);
    expect(betweenTwo({ instance: { state: 'stopped' } })).toBe(0);
    expect(betweenTwo({ instance: { instanceId: 'i-9' } })).toBe(0);
    expect(betweenTwo({ seen: { idleSince: NOW + 500 } })).toBe(100);
  });

  it('is none where it was not the hour that kept the machine', () => {
    expect(betweenTwo({ machine: { billing: 'per-second' } })).toBe(0);
    expect(betweenTwo({ instance: { startedAt: NOW + 300 - 3300 } })).toBe(0);
    expect(betweenTwo({ machine: { phase: 'booting' } })).toBe(0);
    const paused = (at: number): Observation => {
      const look = idling(at);
      return { ...look, state: { ...look.state, orders: [{ kind: 'pause', at: NOW }] } };
    };
    expect(idleSeconds(ticks(paused(NOW), paused(NOW + 300)))).toBe(0);
  });

  it('counts of a draining machine what it waits after its drain', () => {
    const evidence = { since: NOW, reason: 'not needed', unlisted: sightingAt(NOW + 320) };
    const draining = (drain: object): Changed => ({
      machine: { phase: 'draining', drain: { ...evidence, ...drain } },
    });
    const quiet = sightingAt(NOW + 400);
    expect(betweenTwo(draining({}))).toBe(0);
    expect(betweenTwo(draining({ quiet }))).toBe(0);
    expect(betweenTwo(draining({ quiet, copiedBack: quiet }))).toBe(170);
    expect(betweenTwo(draining({ quiet, copiedBack: sightingAt(NOW + 500) }))).toBe(100);
  });

  it('is not told from what came before an outage, or from a look that could have ended nobody', () => {
    expect(idleSeconds(ticks(idling(NOW), idling(NOW + 3000)))).toBe(600);
    const blind = { ...idling(NOW + 300), queue: untrusted() };
    expect(idleSeconds(ticks(idling(NOW), blind, idling(NOW + 600), idling(NOW + 900)))).toBe(300);
    const refused = lacking(round(idling(NOW), { violations: ['would overbook'] }), 'done');
    expect(idleSeconds([tick(NOW, [refused]), ...ticks(idling(NOW + 300))])).toBe(0);
  });

  it('is known to be more where ticks do not tell what they saw', () => {
    const silent = lacking(round(idling(NOW + 300)), 'observation');
    const told = [...ticks(idling(NOW)), tick(NOW + 300, [silent]), ...ticks(idling(NOW + 600))];
    expect(tallied(told).isComplete).toBe(false);
    expect(idleSeconds(told)).toBe(600);
    expect(tallied([tick(NOW, [], 4)]).isComplete).toBe(false);
    expect(tallied([tick(NOW, [])]).isComplete).toBe(true);
    expect(tallied([tick(NOW, [round(idling(NOW)), silent])]).isComplete).toBe(true);
  });
});

describe('paid time that was thrown away', () => {
  const ends = (kind: 'stop' | 'terminate', instanceId = 'i-00000001'): readonly Action[] => [
    { kind, instanceId, reason: 'drained' },
  ];
  const at = NOW + 2 * 3600 + 600;
  const ended = (changed: Changed = {}, done: Readonly<Record<string, number>> = { terminate: 1 }) =>
    round(idling(at, changed), { actions: ends('terminate'), done });

  it('is the rest of the hour when a running machine was ended', () => {
    expect(plain(tallied([tick(at, [ended()])]).thrownAway)).toEqual({ [LINUX]: { 'c7i.2xlarge': 3000 } });
    const stop = round(idling(at), { actions: ends('stop'), done: { stop: 1 } });
    expect(plain(tallied([tick(at, [stop])]).thrownAway)).toEqual({ [LINUX]: { 'c7i.2xlarge': 3000 } });
  });

  it('is counted once, when AWS accepted it, and not of machines that did not run', () => {
    const again = round(idling(at + 60), { actions: ends('terminate'), done: { terminate: 1 } });
    expect(plain(tallied([tick(at, [ended(), again])]).thrownAway)).toEqual({
      [LINUX]: { 'c7i.2xlarge': 3000 },
    });
    expect(plain(tallied([tick(at, [ended({}, { terminate: 0 })])]).thrownAway)).toEqual({});
    expect(plain(tallied([tick(at, [ended({ instance: { state: 'stopped' } })])]).thrownAway)).toEqual({});
    const restarted = round(idling(at + 900, { instance: { startedAt: at + 300 } }), {
      actions: ends('terminate'),
      done: { terminate: 1 },
    });
    expect(plain(tallied([tick(at, [ended(), restarted])]).thrownAway)).toEqual({
      [LINUX]: { 'c7i.2xlarge': 6000 },
    });
  });

  it('is told from the last look that showed the machine, and known to be more where there was none', () => {
    const silent = lacking(ended(), 'observation');
    const seen = tallied([...ticks(idling(at - 300)), tick(at, [silent])]);
    expect(plain(seen.thrownAway)).toEqual({ [LINUX]: { 'c7i.2xlarge': 3000 } });
    const unseen = tallied([
      tick(at, [round(idling(at), { actions: ends('terminate', 'i-9'), done: { terminate: 1 } })]),
    ]);
    expect(unseen).toMatchObject({ isComplete: false, thrownAway: new Map() });
  });
});
