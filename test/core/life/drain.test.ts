/** Rule 2, step by step: what proves that a machine may end, and what does not. */
import { describe, expect, it } from 'vitest';
import * as told from '../../../lambdas/core/reason/words/index.ts';
import type { Drain } from '../../../lambdas/core/model/index.ts';
import { confirmOffers } from '../../../lambdas/core/life/offering.ts';
import {
  NOW,
  aMachine,
  aQueueMachine,
  aStatus,
  actionsIn,
  anInstance,
  anObservation,
  lacking,
  onlyMachine,
  planFor,
  saidOf,
  sightingAt,
  untrusted,
} from '../given.ts';
import {
  ACKNOWLEDGED,
  COPIED,
  ID,
  QUIET,
  START,
  UNLISTED,
  drainAfter,
  draining,
  gone,
  look,
} from './drains.ts';

describe('a machine that nobody needs', () => {
  it('leaves the file and stays until that is verified', () => {
    const plan = look(aMachine(), aQueueMachine());
    expect(onlyMachine(plan)).toMatchObject({ phase: 'draining', drain: { since: NOW } });
    expect(plan.offers).toEqual([]);
    expect(actionsIn(plan)).toEqual([]);
    const [confirmed] = confirmOffers(plan.machines, new Set(), { seen: { at: NOW + 3, hostAt: NOW + 1 } });
    expect(confirmed?.drain?.withdrawn).toEqual({ at: NOW + 3, hostAt: NOW + 1 });
    expect(confirmed).not.toHaveProperty('offered');
  });
  it('is listed no earlier than the file was verified', () => {
    const plan = look(aMachine(), aQueueMachine());
    expect(confirmOffers(plan.machines, new Set(), { seen: sightingAt(NOW) })[0]?.drain?.withdrawn).toEqual(
      sightingAt(NOW),
    );
    expect(onlyMachine(plan).drain).not.toHaveProperty('withdrawn');
  });
});

describe('the queue runner', () => {
  it.each([
    ['no status proves anything before the line has left', START, gone(), {}],
    ['a status older than the write proves nothing', UNLISTED, gone(), { at: NOW - 91 }],
    ['nor does one of the same second', UNLISTED, gone(), { at: NOW - 90 }],
    ['nor one that does not show the machine', UNLISTED, undefined, {}],
    ['nor one that still lists it', UNLISTED, gone({ offered: true }), {}],
  ])('has not knownWithdrawn: %s', (_why, drain, seen, status) => {
    const machine = draining(drain);
    const plan =
      seen === undefined
        ? planFor(anObservation({ machines: [machine], instances: [anInstance()], queue: aStatus(status) }))
        : look(machine, seen, status);
    expect(onlyMachine(plan).drain).not.toHaveProperty('knownWithdrawn');
    expect(actionsIn(plan)).toEqual([]);
  });
  it('acknowledges by showing the machine unlisted', () => {
    expect(drainAfter(draining(UNLISTED), gone({ currentJobs: 3 }))).toEqual({
      ...UNLISTED,
      knownWithdrawn: sightingAt(NOW),
    });
  });
  it('acknowledges by having restarted after the write', () => {
    const queue = aStatus({ runnerStartedAt: NOW - 80 });
    const plan = planFor(anObservation({ machines: [draining(UNLISTED)], instances: [anInstance()], queue }));
    expect(onlyMachine(plan).drain).toMatchObject({
      knownWithdrawn: sightingAt(NOW),
      quiet: sightingAt(NOW),
    });
  });
  it('takes everything back by listing the machine again', () => {
    expect(drainAfter(draining(COPIED), gone({ offered: true }))).toEqual(UNLISTED);
  });
  it('never read the line of a machine it has never shown, two minutes after it left', () => {
    const unseen = lacking(draining({ ...START, withdrawn: sightingAt(NOW - 120) }), 'seenOffered');
    const later = (at: number) =>
      onlyMachine(
        planFor(anObservation({ machines: [unseen], instances: [anInstance()], queue: aStatus({ at }) })),
      );
    expect(later(NOW - 1).drain).not.toHaveProperty('knownWithdrawn');
    expect(later(NOW).drain).toHaveProperty('knownWithdrawn');
  });
});

describe('another file in place of ours', () => {
  const ours = 'a'.repeat(64);
  const lookAt = (sha256: string | undefined) => {
    const quiet = sightingAt(NOW - 60);
    const machine = draining({ ...COPIED, quiet, clear: quiet });
    return planFor(
      anObservation({
        machines: [machine],
        instances: [anInstance()],
        queue: aStatus({ machines: [gone()] }),
        farm: { backOffs: [], offeredDigest: ours },
        ...(sha256 === undefined ? {} : { offer: { digest: sha256, seen: sightingAt(NOW) } }),
      }),
    );
  };

  it('voids the evidence of a drain: the queue runner may have read there that it can use the machine', () => {
    const plan = lookAt('b'.repeat(64));
    expect(actionsIn(plan)).toEqual([]);
    expect(onlyMachine(plan)).toMatchObject({ phase: 'draining' });
    expect(Object.keys(onlyMachine(plan).drain ?? {})).toEqual(['since', 'reason']);
  });
  it.each([
    ['it is the one we wrote', ours],
    ['there is none, or the host could not be asked', undefined],
  ])('is not there: %s', (_why, sha256) => {
    expect(actionsIn(lookAt(sha256))).toEqual([`terminate ${ID}`]);
  });
  it('is not known to be there while nobody knows what we wrote', () => {
    const quiet = sightingAt(NOW - 60);
    const plan = planFor(
      anObservation({
        machines: [draining({ ...COPIED, quiet, clear: quiet })],
        instances: [anInstance()],
        queue: aStatus({ machines: [gone()] }),
        offer: { digest: ours, seen: sightingAt(NOW) },
      }),
    );
    expect(actionsIn(plan)).toEqual([`terminate ${ID}`]);
  });
});

describe('quiet', () => {
  it('begins with a status without jobs, and begins again after one with jobs', () => {
    expect(drainAfter(draining(ACKNOWLEDGED))?.quiet).toEqual(sightingAt(NOW));
    expect(drainAfter(draining(COPIED), gone({ currentJobs: 1 }))).toEqual(ACKNOWLEDGED);
  });
  it.each([
    [29, []],
    [30, [`terminate ${ID}`]],
  ])('for %d s: %j', (seconds, actions) => {
    const quiet = sightingAt(NOW - seconds);
    expect(actionsIn(look(draining({ ...COPIED, quiet, clear: quiet })))).toEqual(actions);
  });
  it('counts the shorter of both clocks', () => {
    const withQuiet = (at: number, hostAt: number) =>
      actionsIn(look(draining({ ...ACKNOWLEDGED, quiet: { at, hostAt }, clear: { at, hostAt } })));
    expect(withQuiet(NOW - 40, NOW - 20)).toEqual([]);
    expect(withQuiet(NOW - 20, NOW - 40)).toEqual([]);
    expect(withQuiet(NOW - 40, NOW - 40)).toEqual([`terminate ${ID}`]);
  });
});

describe('an answer that comes late', () => {
  const since = (seconds: number): Drain => {
    const quiet = sightingAt(NOW - seconds);
    return { ...COPIED, quiet, clear: quiet };
  };
  it.each([
    ['asked 29 s after the first, heard 60 s after it', 60, 31, []],
    ['asked 30 s after the first, heard 60 s after it', 60, 30, [`terminate ${ID}`]],
  ])('shows at least what was when it was asked for: %s', (_why, heard, waited, actions) => {
    const asked = { askedAt: NOW - waited };
    expect(actionsIn(look(draining(since(heard)), gone(), {}, asked))).toEqual(actions);
  });
  it('is not taken for a second look although the host’s clock has stepped forward', () => {
    const at = NOW + 3600;
    const status = { at, runnerStartedAt: NOW - 9000 };
    const steppedFor = (askedAt: number) => actionsIn(look(draining(since(40)), gone(), status, { askedAt }));
    expect(steppedFor(NOW - 30)).toEqual([]);
    expect(steppedFor(NOW - 10)).toEqual([`terminate ${ID}`]);
  });
});

describe('a complete drain', () => {
  it.each([
    ['the status is not trusted', { queue: untrusted() }],
    ['the status does not show the machine any more', { queue: aStatus() }],
    ['the machine has a job again', { queue: aStatus({ machines: [gone({ currentJobs: 1 })] }) }],
    ['the machine is listed again', { queue: aStatus({ machines: [gone({ offered: true })] }) }],
  ])('ends nothing when %s', (_why, seen) => {
    expect(actionsIn(look(draining(COPIED), gone(), {}, seen))).toEqual([]);
  });
  it('is not undone by an untrusted status', () => {
    expect(drainAfter(draining(COPIED), gone(), {}, { queue: untrusted() })).toEqual(COPIED);
  });
  it.each([
    ['the acknowledgement is older than the write', { ...COPIED, knownWithdrawn: sightingAt(NOW - 95) }],
    ['it was quiet before the acknowledgement', { ...COPIED, quiet: sightingAt(NOW - 80) }],
    ['nothing was copied back before it was quiet', { ...COPIED, clear: sightingAt(NOW - 60) }],
  ])('counts for nothing where %s', (_why, drain) => {
    expect(actionsIn(look(draining(drain), gone(), { stepsFinishing: 2 }))).toEqual([]);
  });
  it.each([-600, -45, 45, 600])('is found with a host clock %d s off', (skew) => {
    const skewed = (seconds: number) => ({ at: NOW - seconds, hostAt: NOW - seconds + skew });
    const drain: Drain = {
      ...START,
      withdrawn: skewed(90),
      knownWithdrawn: skewed(70),
      quiet: skewed(40),
      clear: skewed(40),
    };
    const at = NOW + skew;
    const machine = draining(drain, { offered: skewed(5000) });
    expect(actionsIn(look(machine, gone(), { at, runnerStartedAt: at - 9000 }))).toEqual([`terminate ${ID}`]);
    const early = { ...drain, quiet: skewed(20), clear: skewed(20) };
    expect(actionsIn(look(draining(early), gone(), { at, runnerStartedAt: at - 9000 }))).toEqual([]);
  });
});

describe('a draining machine', () => {
  it.each([
    ['the machines file', START, gone()],
    ['reread the file', UNLISTED, gone({ offered: true })],
    [told.runningSteps(2), UNLISTED, gone({ currentJobs: 2 })],
    [told.secondQuietStatus, ACKNOWLEDGED, gone()],
  ])('says what it waits for: %s', (words, drain, seen) => {
    expect(saidOf(look(draining(drain), seen), ID)).toContain(words);
  });
  it('says that outputs may be copied back', () => {
    expect(saidOf(look(draining(QUIET), gone(), { stepsFinishing: 1 }), ID)).toContain(told.copiesBack);
  });
  it('without any record of its drain begins it anew', () => {
    const bare = lacking(draining(START), 'drain');
    expect(drainAfter(bare)).toEqual({ since: bare.phaseSince, reason: 'not needed' });
  });
});
