/** What the queue runner is told, and what that proves. */
import { describe, expect, it } from 'vitest';
import type { Offered } from '../../lambdas/core/plan/after-offer.ts';
import { afterOffer } from '../../lambdas/core/plan/after-offer.ts';
import { offer } from '../../lambdas/reconcile/announce.ts';
import type { Farm, Machine, Observation } from '../../lambdas/core/model/index.ts';
import {
  LINUX,
  NOW,
  aMachine,
  aStatus,
  anInstance,
  anObservation,
  lacking,
  planFor,
  steps,
  untrusted,
} from '../core/given.ts';
import { FakeHost } from '../fakes/host.ts';
import { ImpatientClock } from '../fakes/impatient-clock.ts';

const working = anObservation({
  machines: [lacking(aMachine(), 'offered', 'seenOffered')],
  instances: [anInstance()],
  queue: aStatus({ demand: [steps(LINUX, 1)] }),
});

async function announced(
  observation: Observation,
  host: FakeHost,
): Promise<{ readonly offered: Offered; readonly machines: readonly Machine[] }> {
  const { machines, farm, offers, nudge } = planFor(observation);
  const offered = await offer(host, observation, { offers, withdrawn: [], nudge });
  const outcome = { machines, backOffs: farm.backOffs };
  return { offered, ...afterOffer(outcome, farm, { offers, offered, now: NOW }) };
}

const farmAfter = (farm: Farm, offered: Offered): Farm =>
  afterOffer({ machines: [], backOffs: farm.backOffs }, farm, { offers: [], offered, now: NOW }).farm;

const hostWith = (skew = 0): FakeHost => new FakeHost(new ImpatientClock(NOW), () => aStatus(), skew);

describe('the offer', () => {
  it('is made, and who is offered is noted on both clocks', async () => {
    const host = hostWith(40);
    const { machines, offered } = await announced(working, host);
    expect(offered.ok).toBe(true);
    expect(machines[0]?.offered).toEqual({ at: NOW, hostAt: NOW + 40 });
    expect(host.offers?.map(({ machine }) => machine.instanceId)).toEqual(['i-00000001']);
  });
  it('that could not be verified proves nothing', async () => {
    const host = hostWith();
    host.failNextOffer();
    const { machines, offered } = await announced(working, host);
    expect(offered).toEqual({ ok: false, problem: { says: 'the agent did not answer' } });
    expect(machines[0]).not.toHaveProperty('offered');
  });
  it('that says the same already is left alone, and proves it all the same', async () => {
    const host = hostWith();
    await announced(working, host);
    const { offer: standing } = await host.look({ candidates: [], hasOffered: true });
    const { machines } = await announced({ ...working, ...(standing && { offer: standing }) }, host);
    expect(host.writes).toBe(1);
    expect(machines[0]?.offered).toEqual(standing?.seen);
  });
  it('waits for a host that cannot be asked', async () => {
    const host = hostWith();
    const { machines, offered } = await announced({ ...working, queue: untrusted() }, host);
    expect([host.writes, offered]).toMatchObject([
      0,
      {
        ok: false,
        problem: { says: 'this waits until the host can be asked: the Hydra host cannot be asked' },
      },
    ]);
    expect(machines[0]).not.toHaveProperty('offered');
  });
  it('is written without a queue runner, and to a host that has none yet', async () => {
    const host = hostWith();
    await announced({ ...working, queue: untrusted({ cause: 'down' }) }, host);
    expect(host.writes).toBe(1);
  });
});

describe('the digest of what we offered', () => {
  const farm = { backOffs: [], offeredDigest: 'old' };
  const standing = { ok: true, value: { digest: 'new', seen: { at: NOW, hostAt: NOW } } } as const;

  it('is remembered once it was read back, and only then', () => {
    expect(farmAfter(farm, standing).offeredDigest).toBe('new');
    const failed = farmAfter(farm, { ok: false, problem: { says: 'no space left' } });
    expect(failed).toMatchObject({ offeredDigest: 'old', offerFailures: { times: 1 } });
    expect(farmAfter(failed, standing)).toEqual({
      backOffs: [],
      offeredDigest: 'new',
      hasOffered: true,
    });
  });
  it('costs no write while it stays the same', () => {
    const same = { ...farm, offeredDigest: 'new' };
    expect(farmAfter(same, standing)).toBe(same);
  });
  it('is kept by the plan of a round that offers nothing', () => {
    expect(planFor({ ...working, state: { ...working.state, farm } }).farm.offeredDigest).toBe('old');
  });
});
