/** What is remembered of offers. */
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../lambdas/core/model/index.ts';
import { confirmOffers } from '../../../lambdas/core/life/offering.ts';
import {
  LINUX,
  NOW,
  aBootingMachine,
  aMachine,
  aQueueMachine,
  aStatus,
  anInstance,
  anObservation,
  lacking,
  onlyMachine,
  planFor,
  sightingAt,
  steps,
} from '../given.ts';

describe('a verified offer', () => {
  const verified = { at: NOW + 4, hostAt: NOW + 2 };
  const confirm = (machine: Machine, listed: boolean): Machine | undefined =>
    confirmOffers([machine], new Set(listed ? [machine.instanceId] : []), { seen: verified })[0];

  it('is noted on machines that are offered for the first time', () => {
    const fresh = lacking(aMachine(), 'offered', 'seenOffered');
    expect(confirm(fresh, true)?.offered).toEqual(verified);
    expect(confirm(aMachine(), true)?.offered).toEqual(sightingAt(NOW - 5000));
  });
  it('is noted on draining machines that are withdrawn for the first time', () => {
    const drain = { since: NOW, reason: 'not needed' };
    const machine = confirm(aMachine({ phase: 'draining', drain }), false);
    expect(machine?.drain?.withdrawn).toEqual(verified);
    const before = { ...drain, withdrawn: sightingAt(NOW - 60) };
    expect(confirm(aMachine({ phase: 'draining', drain: before }), false)?.drain).toEqual(before);
  });
  it('says nothing of machines that neither are offered nor drain', () => {
    const machine = aBootingMachine();
    expect(confirm(machine, false)).toBe(machine);
  });
});

describe('the queue runner’s first look at an offer', () => {
  const unseen = lacking(aMachine(), 'seenOffered');
  const after = (machine: Machine, listed: boolean) =>
    onlyMachine(
      planFor(
        anObservation({
          machines: [machine],
          instances: [anInstance()],
          queue: aStatus({ demand: [steps(LINUX, 1)], machines: [aQueueMachine({ offered: listed })] }),
        }),
      ),
    );
  it('is noted once', () => {
    expect(after(unseen, true).seenOffered).toEqual(sightingAt(NOW));
    expect(after(aMachine(), true).seenOffered).toEqual(sightingAt(NOW - 4970));
  });
  it('is not noted before there is one, or while the offer was never verified', () => {
    expect(after(unseen, false)).not.toHaveProperty('seenOffered');
    expect(after(lacking(unseen, 'offered'), true)).not.toHaveProperty('seenOffered');
  });
});
