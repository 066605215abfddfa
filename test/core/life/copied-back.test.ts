/** Rule 2, the last step: what proves that no output is on its way from a quiet machine to the Hydra host. */
import { describe, expect, it } from 'vitest';
import type { StoreUse } from '../../../lambdas/core/model/index.ts';
import { wantsQuietCheck } from '../../../lambdas/core/life/drain.ts';
import { NOW, actionsIn, onlyMachine, sightingAt } from '../given.ts';
import { ACKNOWLEDGED, COPIED, ID, QUIET, UNCOPIED, drainAfter, draining, gone, look } from './drains.ts';

describe('outputs on their way back', () => {
  const noStatus = { stepsFinishing: 2 };
  it.each([
    ['the machine, asked itself, serves nobody', gone(), noStatus, { [ID]: 'quiet' }, true],
    [
      'it has been idle long, but serves somebody',
      gone({ idleSince: NOW - 9000 }),
      noStatus,
      { [ID]: 'serving' },
      false,
    ],
    [
      'it has been idle for longer than a dead connection lives',
      gone({ idleSince: NOW - 7875 }),
      noStatus,
      {},
      true,
    ],
    ['some step is copied back from somewhere', gone(), noStatus, {}, false],
    ['another machine serves nobody', gone(), noStatus, { 'i-00000002': 'quiet' }, false],
    [
      'it has been idle for less, and may hang in the middle',
      gone({ idleSince: NOW - 7874 }),
      noStatus,
      {},
      false,
    ],
    [
      'the runner does not count copies, and it has been idle for ten minutes',
      gone({ idleSince: NOW - 600 }),
      { stepsFinishing: undefined },
      {},
      true,
    ],
    [
      'the runner does not count copies, and it has been idle for less',
      gone({ idleSince: NOW - 599 }),
      { stepsFinishing: undefined },
      {},
      false,
    ],
  ])('%s', (_what, seen, status, use, isProof) => {
    const machine = draining(QUIET);
    const plan = look(machine, seen, status, {
      storeUse: new Map(Object.entries(use) as [string, StoreUse][]),
    });
    expect(actionsIn(plan)).toEqual(isProof ? [`terminate ${ID}`] : []);
    expect(wantsQuietCheck(onlyMachine(plan))).toBe(!isProof);
  });
  it('are no matter when the runner does not tell, unless the machine was idle long', () => {
    const silent = { stepsFinishing: undefined };
    expect(actionsIn(look(draining(QUIET), gone(), silent))).toEqual([]);
    expect(actionsIn(look(draining(QUIET), gone({ idleSince: NOW - 700 }), silent))).toHaveLength(1);
  });
  it('are not ruled out by one status without copies, which may be torn, but by two', () => {
    const first = look(draining(QUIET));
    expect(onlyMachine(first).drain).toEqual({ ...QUIET, noneFinishing: sightingAt(NOW) });
    expect(actionsIn(first)).toEqual([]);
    expect(wantsQuietCheck(onlyMachine(first))).toBe(false);
    const second = look(draining(UNCOPIED));
    expect(onlyMachine(second).drain).toEqual({ ...QUIET, clear: sightingAt(NOW) });
    expect(actionsIn(second)).toEqual([`terminate ${ID}`]);
  });
  it('need a second status, not the first one once more', () => {
    const at = NOW - 40;
    expect(drainAfter(draining(UNCOPIED), gone(), { at })).toEqual(UNCOPIED);
  });
  it('are not counted by every runner: what one says then changes nothing', () => {
    expect(drainAfter(draining(UNCOPIED), gone(), { stepsFinishing: undefined })).toEqual(UNCOPIED);
    expect(drainAfter(draining(QUIET), gone(), { stepsFinishing: undefined })).toEqual(QUIET);
  });
  it('are looked for anew after a status that shows one, be it of any machine', () => {
    expect(drainAfter(draining(UNCOPIED), gone(), noStatus)).toEqual(QUIET);
    const elsewhere = gone({ key: '10.0.0.9' });
    expect(drainAfter(draining(UNCOPIED), elsewhere, noStatus)).toEqual(QUIET);
    expect(drainAfter(draining(UNCOPIED), gone({ currentJobs: 1 }))).toEqual(ACKNOWLEDGED);
  });
  it('are looked for from the first quiet status on', () => {
    const early = { ...QUIET, noneFinishing: sightingAt(NOW - 41) };
    expect(drainAfter(draining(early))).toEqual({ ...QUIET, noneFinishing: sightingAt(NOW) });
  });
  it('need no second proof once there was one after the machine was quiet', () => {
    expect(actionsIn(look(draining(COPIED), gone(), noStatus))).toEqual([`terminate ${ID}`]);
  });
});
