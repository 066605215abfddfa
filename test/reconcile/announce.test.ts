/** What the queue runner is told, and what that proves. */
import { describe, expect, it } from 'vitest';
import type { Published } from '../../lambdas/core/plan/after-offer.ts';
import { afterPublication } from '../../lambdas/core/plan/after-offer.ts';
import { publish } from '../../lambdas/reconcile/announce.ts';
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
): Promise<{ readonly published: Published; readonly machines: readonly Machine[] }> {
  const { machines, farm, listings, republish } = planFor(observation);
  const published = await publish(host, observation, listings, republish);
  const outcome = { machines, backOffs: farm.backOffs };
  return { published, ...afterPublication(outcome, farm, { listings, published, now: NOW }) };
}

const farmAfter = (farm: Farm, published: Published): Farm =>
  afterPublication({ machines: [], backOffs: farm.backOffs }, farm, { listings: [], published, now: NOW })
    .farm;

const hostWith = (skew = 0): FakeHost => new FakeHost(new ImpatientClock(NOW), () => aStatus(), skew);

describe('the machines file', () => {
  it('is put in place, and who is in it is noted on both clocks', async () => {
    const host = hostWith(40);
    const { machines, published } = await announced(working, host);
    expect(published.ok).toBe(true);
    expect(machines[0]?.offered).toEqual({ at: NOW, hostAt: NOW + 40 });
    expect(host.lines?.map(({ instanceId }) => instanceId)).toEqual(['i-00000001', undefined]);
  });
  it('that could not be verified proves nothing', async () => {
    const host = hostWith();
    host.failNextPublish();
    const { machines, published } = await announced(working, host);
    expect(published).toEqual({ ok: false, problem: { says: 'the agent did not answer' } });
    expect(machines[0]).not.toHaveProperty('offered');
  });
  it('that says the same already is left alone, and proves it all the same', async () => {
    const host = hostWith();
    await announced(working, host);
    const { offer: file } = await host.look([]);
    const { machines } = await announced({ ...working, ...(file && { offer: file }) }, host);
    expect(host.writes).toBe(1);
    expect(machines[0]?.offered).toEqual(file?.seen);
  });
  it('waits for a host that cannot be asked', async () => {
    const host = hostWith();
    const { machines, published } = await announced({ ...working, queue: untrusted() }, host);
    expect([host.writes, published]).toMatchObject([
      0,
      { ok: false, problem: { says: 'the machines file waits: the Hydra host cannot be asked' } },
    ]);
    expect(machines[0]).not.toHaveProperty('offered');
  });
  it('is written without a queue runner, and to a host that has none yet', async () => {
    const host = hostWith();
    await announced({ ...working, queue: untrusted({ cause: 'down' }) }, host);
    expect(host.writes).toBe(1);
  });
});

describe('the checksum of the file we wrote', () => {
  const farm = { backOffs: [], offeredDigest: 'old' };
  const file = { ok: true, value: { digest: 'new', seen: { at: NOW, hostAt: NOW } } } as const;

  it('is remembered once the file was read back, and only then', () => {
    expect(farmAfter(farm, file).offeredDigest).toBe('new');
    const failed = farmAfter(farm, { ok: false, problem: { says: 'no space left' } });
    expect(failed).toMatchObject({ offeredDigest: 'old', offerFailures: { times: 1 } });
    expect(farmAfter(failed, file)).toEqual({
      backOffs: [],
      offeredDigest: 'new',
      hasOffered: true,
    });
  });
  it('costs no write while it stays the same', () => {
    const same = { ...farm, offeredDigest: 'new' };
    expect(farmAfter(same, file)).toBe(same);
  });
  it('is kept by the plan of a round that publishes nothing', () => {
    expect(planFor({ ...working, state: { ...working.state, farm } }).farm.offeredDigest).toBe('old');
  });
});
