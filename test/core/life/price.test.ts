/** What a machine costs: whose word counts, whose prices have to be known, and when AWS is asked again. */
import { describe, expect, it } from 'vitest';
import {
  highestPriceOf,
  isPriceDue,
  priceOf,
  priced,
  pricesAfter,
  typesToPrice,
} from '../../../lambdas/core/life/price.ts';
import type { Prices } from '../../../lambdas/core/model/index.ts';
import { LINUX, NOW, aConfig, aMachine, aType, anInstance, anObservation, planFor } from '../given.ts';

const TYPE = aType(LINUX);
const PLACE = { instanceType: 'c7i.2xlarge', market: 'on-demand' } as const;
const known = (changed: Partial<Prices> = {}): Prices => ({
  askedAt: NOW,
  asked: ['c7i.2xlarge'],
  prices: [
    { instanceType: 'c7i.2xlarge', market: 'on-demand', dollarsPerHour: 0.357 },
    { instanceType: 'c7i.2xlarge', market: 'spot', zone: 'us-east-1a', dollarsPerHour: 0.1 },
    { instanceType: 'c7i.2xlarge', market: 'spot', zone: 'us-east-1b', dollarsPerHour: 0.2 },
  ],
  ...changed,
});
const reason = (price: ReturnType<typeof priceOf>): string =>
  price.ok ? String(price.value) : price.problem.says;

describe('what a machine costs an hour', () => {
  it('is what the configuration says, then what AWS does', () => {
    expect(priceOf(aType(LINUX, { dollarsPerHour: 0.3 }), known(), PLACE)).toEqual({ ok: true, value: 0.3 });
    expect(priceOf(TYPE, known(), PLACE)).toEqual({ ok: true, value: 0.357 });
  });

  it('on spot is that of the zone, or of all zones where that is not known', () => {
    const spot = { ...PLACE, market: 'spot' } as const;
    expect(priceOf(TYPE, known(), { ...spot, zone: 'us-east-1b' })).toEqual({ ok: true, value: 0.2 });
    expect(reason(priceOf(TYPE, known(), spot))).toMatch(/^0\.15/);
  });

  it('is at most that of the dearest zone', () => {
    const spot = { ...PLACE, market: 'spot' } as const;
    expect(highestPriceOf(TYPE, known(), spot)).toEqual({ ok: true, value: 0.2 });
    expect(highestPriceOf(aType(LINUX, { dollarsPerHour: 0.3 }), known(), spot)).toEqual({
      ok: true,
      value: 0.3,
    });
    expect(reason(highestPriceOf(TYPE, undefined, PLACE))).toBe('AWS has not been asked for prices yet');
  });

  it.each([
    [TYPE, undefined, PLACE, 'AWS has not been asked for prices yet'],
    [TYPE, known(), { ...PLACE, instanceType: undefined }, 'EC2 has not told its instance type yet'],
    [TYPE, known({ prices: [] }), PLACE, 'AWS has told no price of c7i.2xlarge on demand'],
    [TYPE, known({ prices: [], problem: { says: 'you may not' } }), PLACE, 'you may not'],
    [aType('x86_64-freebsd'), known(), PLACE, 'only prices of Linux are asked for'],
  ])('is not known, and it is said why', (type, prices, place, says) => {
    expect(reason(priceOf(type, prices, place))).toBe(says);
  });

  it('is kept as it was when the machine was first seen with one', () => {
    expect(priced(aMachine(), TYPE, anInstance(), known()).dollarsPerHour).toBe(0.357);
    expect(priced(aMachine({ dollarsPerHour: 9 }), TYPE, anInstance(), known()).dollarsPerHour).toBe(9);
    expect(priced(aMachine(), TYPE, undefined, known())).not.toHaveProperty('dollarsPerHour');
    expect(priced(aMachine(), TYPE, anInstance(), undefined)).not.toHaveProperty('dollarsPerHour');
  });

  it('is stored with the machine by the tick that sees it', () => {
    const observation = anObservation({ machines: [aMachine()], instances: [anInstance()] });
    const state = { ...observation.state, prices: known() };
    expect(planFor({ ...observation, state }, aConfig([TYPE])).machines[0]?.dollarsPerHour).toBe(0.357);
  });
});

describe('prices that have to be known', () => {
  it('are those of types that are named, and of what EC2 has chosen; none where the configuration says one', () => {
    const chosen = aType('aarch64-linux', {
      instanceRequirements: {
        vCpus: { min: 8 },
        memoryGiB: { min: 8 },
        excludeFamilies: [],
        localDisk: false,
      },
    });
    const dear = aType('i686-linux', { dollarsPerHour: 1, instanceTypes: ['m5.large'] });
    const instances = [
      anInstance({ type: 'aarch64-linux', instanceType: 'c8g.2xlarge' }),
      anInstance({ type: 'i686-linux', instanceType: 'm5.large' }),
    ];
    expect(typesToPrice([TYPE, chosen, dear, aType('x86_64-freebsd')], { instances })).toEqual([
      'c7i.2xlarge',
      'c8g.2xlarge',
    ]);
  });

  it.each([
    [undefined, ['c7i.2xlarge'], true],
    [undefined, [], false],
    [known({ askedAt: NOW - 86_399 }), ['c7i.2xlarge'], false],
    [known({ askedAt: NOW - 86_400 }), ['c7i.2xlarge'], true],
    [known({ askedAt: NOW - 3599, problem: { says: 'no' } }), ['c7i.2xlarge'], false],
    [known({ askedAt: NOW - 3600, problem: { says: 'no' } }), ['c7i.2xlarge'], true],
    [known({ askedAt: NOW - 599 }), ['c7a.2xlarge'], false],
    [known({ askedAt: NOW - 600 }), ['c7a.2xlarge'], true],
  ])('are asked for when they are old, could not be had, or are new: %j, %j: %s', (prices, wanted, isDue) => {
    expect(isPriceDue(prices, wanted, NOW)).toBe(isDue);
  });

  it('that AWS did not tell this time stay what they were, as long as they matter', () => {
    const told = { prices: [{ instanceType: 'c7a.large', market: 'on-demand', dollarsPerHour: 1 } as const] };
    const problem = { says: 'spot could not be asked' };
    const after = pricesAfter(known(), ['c7i.2xlarge', 'c7a.large'], { ...told, problem }, NOW + 5);
    expect(after).toEqual({
      askedAt: NOW + 5,
      asked: ['c7i.2xlarge', 'c7a.large'],
      prices: [...told.prices, ...known().prices],
      problem,
    });
    expect(pricesAfter(known(), ['c7a.large'], told, NOW).prices).toEqual(told.prices);
  });
});
