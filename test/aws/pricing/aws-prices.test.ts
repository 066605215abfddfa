/** AWS's prices over the wire of the simulated region, and from answers that are no use. */
import { PricingClient } from '@aws-sdk/client-pricing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsPrices, priceListRegion } from '../../../lambdas/aws/pricing/aws-prices.ts';
import { onDemandPriceIn } from '../../../lambdas/aws/pricing/price-list.ts';
import { StandingClock } from '../ec2/samples.ts';
import { EndpointBench } from '../../world/endpoint/bench.ts';

let bench: EndpointBench;
let pricing: PricingClient;
const regions: string[] = [];

beforeEach(async () => {
  bench = await EndpointBench.start();
  pricing = new PricingClient({ ...bench.clientOptions(), maxAttempts: 1 });
  regions.length = 0;
});
afterEach(async () => {
  pricing.destroy();
  await bench.stop();
});

const ask = (names: readonly string[], seconds = 10) =>
  new AwsPrices({
    ec2: bench.ec2,
    clock: new StandingClock(),
    makePricing: (region) => {
      regions.push(region);
      return pricing;
    },
  }).ask(names, seconds);

describe('AWS’s prices', () => {
  it('are those of the list on demand, and those of now on spot, zone by zone', async () => {
    const { prices, problem } = await ask(['c7i.2xlarge', 'c7a.2xlarge', 'c99.huge']);
    expect(problem).toBeUndefined();
    expect(regions).toEqual(['us-east-1']);
    const of = (name: string) => prices.filter(({ instanceType }) => instanceType === name);
    expect(of('c7i.2xlarge')).toEqual([
      ...['a', 'b', 'c'].map((zone) => ({
        instanceType: 'c7i.2xlarge',
        market: 'spot',
        zone: `us-east-1${zone}`,
        dollarsPerHour: expect.closeTo(0.357 * bench.region.settings.spotPriceRatio, 5) as number,
      })),
      { instanceType: 'c7i.2xlarge', market: 'on-demand', dollarsPerHour: 0.357 },
    ]);
    expect(of('c7a.2xlarge')).toHaveLength(4);
    expect(of('c99.huge')).toEqual([]);
  });

  it('are as many as could be had, with what AWS said of the others', async () => {
    bench.region.refusals.add({ action: 'GetProducts', code: 'AccessDeniedException' });
    const { prices, problem } = await ask(['c7i.2xlarge']);
    expect(prices.map(({ market }) => market)).toEqual(['spot', 'spot', 'spot']);
    expect(problem?.says).toContain('not authorized');
    bench.region.refusals.add({ action: 'DescribeSpotPriceHistory', code: 'UnauthorizedOperation' });
    expect(await ask(['c7i.2xlarge'])).toMatchObject({ prices: [], problem: {} });
  });

  it('are not waited for', async () => {
    const { prices, problem } = await ask(['c7i.2xlarge'], 0);
    expect(prices).toEqual([]);
    expect(problem?.says).toMatch(/abort|time/i);
  });

  it.each([
    ['eu-north-1', 'eu-central-1'],
    ['ap-southeast-2', 'ap-south-1'],
    ['us-west-2', 'us-east-1'],
    ['sa-east-1', 'us-east-1'],
  ])('of %s are told in %s', (region, served) => {
    expect(priceListRegion(region)).toBe(served);
  });
});

describe('a product of the price list', () => {
  const product = (changed: object = {}, of = 'c7i.large') =>
    JSON.stringify({
      product: { attributes: { instanceType: of } },
      terms: {
        OnDemand: {
          a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit: { USD: '0.1' }, ...changed } } },
        },
      },
    });

  it('has a price by the hour', () => {
    expect(onDemandPriceIn(product(), 'c7i.large')).toBe(0.1);
  });

  it.each([
    ['another instance type', product({}, 'c7a.large')],
    ['another unit', product({ unit: 'Quantity' })],
    ['nothing to pay', product({ pricePerUnit: { USD: '0.0000000000' } })],
    ['another currency', product({ pricePerUnit: { CNY: '1' } })],
    [
      'no price on demand',
      JSON.stringify({ product: { attributes: { instanceType: 'c7i.large' } }, terms: {} }),
    ],
  ])('has none with %s', (_what, entry) => {
    expect(onDemandPriceIn(entry, 'c7i.large')).toBeUndefined();
  });
});
