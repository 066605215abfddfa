import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { InstanceResult } from '../../../lambdas/ports.ts';
import { actOnEach } from '../../../lambdas/aws/ec2/batches.ts';
import type { Answer, Call, CannedEc2 } from './canned-ec2.ts';
import { listIn, ok, refused, startCannedEc2 } from './canned-ec2.ts';
import { fleetAt } from './samples.ts';

let ec2: CannedEc2;
const start = async (answer: (call: Call) => Answer): Promise<CannedEc2> =>
  (ec2 = await startCannedEc2(answer));
afterEach(() => ec2.close());

const ID = (index: number): string => `i-${index.toString(16).padStart(17, '0')}`;
const idsUpTo = (count: number): string[] => Array.from({ length: count }, (_, index) => ID(index));
const asked = (): string[][] => ec2.calls.map((call) => listIn(call, 'InstanceId'));
const kinds = (results: readonly InstanceResult[]): Record<string, string> =>
  Object.fromEntries(results.map(({ instanceId, refusal }) => [instanceId, refusal?.kind ?? 'accepted']));

const accepted = (call: Call): Answer => {
  const action = call.get('Action') ?? '';
  const items = listIn(call, 'InstanceId').map((id) => `<item><instanceId>${id}</instanceId></item>`);
  return ok(action, `<instancesSet>${items.join('')}</instancesSet>`);
};

describe.each(['start', 'stop', 'terminate'] as const)('%s', (action) => {
  it('gives each id one result, a hundred a call', async () => {
    await start(accepted);
    const results = await fleetAt(ec2)[action]([...idsUpTo(150), ID(3)]);
    expect(results).toEqual(idsUpTo(150).map((instanceId) => ({ instanceId })));
    expect(asked().map((ids) => ids.length)).toEqual([100, 50]);
  });

  it('sends nothing for no ids', async () => {
    await start(accepted);
    expect(await fleetAt(ec2)[action]([])).toEqual([]);
    expect(ec2.calls).toEqual([]);
  });

  it('leaves out the one EC2 names and sends the rest again', async () => {
    await start((call) =>
      listIn(call, 'InstanceId').includes(ID(2))
        ? refused('InvalidInstanceID.NotFound', 400, `The instance ID '${ID(2)}' does not exist`)
        : accepted(call),
    );
    const results = await fleetAt(ec2)[action](idsUpTo(4));
    expect(kinds(results)).toEqual({
      [ID(0)]: 'accepted',
      [ID(1)]: 'accepted',
      [ID(2)]: 'not-found',
      [ID(3)]: 'accepted',
    });
    expect(asked()).toHaveLength(2);
  });

  it('finds the bad one by halves when EC2 does not name it', async () => {
    await start((call) =>
      listIn(call, 'InstanceId').includes(ID(5)) ? refused('IncorrectInstanceState') : accepted(call),
    );
    const results = await fleetAt(ec2)[action](idsUpTo(16));
    expect(Object.entries(kinds(results)).filter(([, kind]) => kind !== 'accepted')).toEqual([
      [ID(5), 'wrong-state'],
    ]);
    expect(asked().length).toBeLessThanOrEqual(9);
  });

  it('refuses all at once, without asking on, when the call itself is not allowed', async () => {
    await start(() => refused('UnauthorizedOperation', 403));
    const results = await fleetAt(ec2)[action](idsUpTo(120));
    expect(results).toHaveLength(120);
    expect(new Set(Object.values(kinds(results)))).toEqual(new Set(['denied']));
    expect(asked()).toHaveLength(1);
  });

  it('stops asking when EC2 wants fewer requests, and says so for all', async () => {
    await start(() => refused('RequestLimitExceeded', 503));
    const results = await fleetAt(ec2)[action](idsUpTo(250));
    expect(new Set(Object.values(kinds(results)))).toEqual(new Set(['throttled']));
    expect(results).toHaveLength(250);
    expect(asked().every((ids) => ids.includes(ID(0)))).toBe(true);
  });

  it('does not throw when nobody answers', async () => {
    await start(() => 'connection lost');
    const results = await fleetAt(ec2)[action](idsUpTo(2));
    expect(kinds(results)).toEqual({ [ID(0)]: 'unknown', [ID(1)]: 'unknown' });
  });

  it('does not take an answer that names nobody for success', async () => {
    await start(() => ({ status: 200, body: '' }));
    expect(kinds(await fleetAt(ec2)[action](idsUpTo(1)))).toEqual({ [ID(0)]: 'unknown' });
  });
});

describe('what people are told', () => {
  it('is the remedy beside AWS’s own words', async () => {
    const message = `The instance '${ID(0)}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`;
    await start(() => refused('OperationNotPermitted', 400, message));
    const [result] = await fleetAt(ec2).terminate([ID(0)]);
    expect(result?.refusal?.says).toContain(message);
    expect(result?.refusal?.remedy).toContain('protection');
  });
});

describe('acting on each', () => {
  /** What EC2 does: one bad id spoils the call. */
  const spoiledBy = (bad: ReadonlySet<string>, names: boolean) => {
    let calls = 0;
    return {
      calls: () => calls,
      call: (ids: string[]): Promise<string[]> => {
        calls += 1;
        const culprit = ids.find((id) => bad.has(id));
        if (culprit === undefined) return Promise.resolve(ids);
        const error = Object.assign(new Error(names ? `not ${culprit}!` : 'no'), { $fault: 'client' });
        error.name = 'InvalidInstanceID.NotFound';
        return Promise.reject(error);
      },
    };
  };

  it('never loses, doubles or wrongly accepts an id, and never asks without end', async () => {
    await start(accepted);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(400), fc.boolean()), { maxLength: 350 }),
        fc.boolean(),
        async (drawn, names) => {
          const ids = drawn.map(([index]) => ID(index));
          const bad = new Set(drawn.filter(([, isBad]) => isBad).map(([index]) => ID(index)));
          const region = spoiledBy(bad, names);
          const results = await actOnEach('stop', ids, region.call);
          expect(results.map(({ instanceId }) => instanceId).toSorted()).toEqual(
            [...new Set(ids)].toSorted(),
          );
          expect(
            results.filter(({ instanceId, refusal }) => bad.has(instanceId) && refusal === undefined),
          ).toEqual([]);
          expect(region.calls()).toBeLessThanOrEqual(4 + 32);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('accepts every good id as long as the bad ones are few', async () => {
    await start(accepted);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(99), { maxLength: 2 }), async (badOnes) => {
        const bad = new Set(badOnes.map(ID));
        const results = await actOnEach('stop', idsUpTo(100), spoiledBy(bad, false).call);
        const refusedIds = results
          .filter(({ refusal }) => refusal !== undefined)
          .map(({ instanceId }) => instanceId);
        expect(new Set(refusedIds)).toEqual(bad);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves only a few untried when the bad ones are more', async () => {
    await start(accepted);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(99), { minLength: 4, maxLength: 4 }), async (badOnes) => {
        const results = await actOnEach(
          'stop',
          idsUpTo(100),
          spoiledBy(new Set(badOnes.map(ID)), false).call,
        );
        expect(results.filter(({ refusal }) => refusal?.code === 'NotTried').length).toBeLessThanOrEqual(24);
      }),
      { numRuns: 60 },
    );
  });
});
