/** A machine that somebody else has withdrawn, and that does not answer, is not offered again on hope. */
import { describe, expect, it } from 'vitest';
import type { Machine, Observation } from '../../../lambdas/core/model/index.ts';
import {
  NOW,
  aMachine,
  aQueueMachine,
  aStatus,
  aType,
  aConfig,
  anInstance,
  anObservation,
  LINUX,
  onlyMachine,
  planFor,
  sightingAt,
} from '../given.ts';

const NEEDED = aConfig([aType(LINUX, { minMachines: 1 })]);
const RESTARTED = anInstance({ startedAt: NOW - 60 });
const look = (machine: Machine, digest: string, more: Partial<Observation> = {}) =>
  planFor(
    anObservation({
      machines: [machine],
      farm: { backOffs: [], offeredDigest: 'ours', hasOffered: true },
      offer: { digest, seen: sightingAt(NOW) },
      instances: [RESTARTED],
      queue: aStatus({ machines: [aQueueMachine()] }),
      ...more,
    }),
    NEEDED,
  );
const restarted = aMachine({ startedAt: NOW - 5400 });
const offered = (plan: ReturnType<typeof look>) => plan.offers.map(({ machine }) => machine.instanceId);

describe('a machine that was restarted behind our back', () => {
  it('stays offered while our own offer stands: there is nothing to take back', () => {
    expect(offered(look(restarted, 'ours'))).toEqual([restarted.instanceId]);
  });
  it('is not offered again once somebody has replaced our offer, until it answers', () => {
    const first = look(restarted, 'theirs');
    expect(offered(first)).toEqual([]);
    const waiting = onlyMachine(first);
    expect(waiting).not.toHaveProperty('offered');
    const second = look(waiting, 'ours');
    expect([offered(second), onlyMachine(second).phase]).toEqual([[], 'ready']);
    const readiness = [{ instanceId: restarted.instanceId, reached: true, detail: '' }];
    expect(offered(look(onlyMachine(second), 'ours', { readiness }))).toEqual([restarted.instanceId]);
  });
});
