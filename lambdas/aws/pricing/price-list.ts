/** One product of AWS's price list, read with care: it is JSON that no schema of the SDK describes. Pure. */
import * as z from 'zod';

const dimension = z.object({
  unit: z.string(),
  pricePerUnit: z.object({ USD: z.coerce.number() }),
});
const product = z.object({
  product: z.object({ attributes: z.object({ instanceType: z.string() }) }),
  terms: z.object({
    OnDemand: z.record(z.string(), z.object({ priceDimensions: z.record(z.string(), dimension) })),
  }),
});

/**
 * Dollars an hour on demand; undefined for anything else, such as what is free or sold by another unit
 * (AWS: docs/develop/facts.md#ec2-prices).
 */
export function onDemandPriceIn(entry: string, instanceType: string): number | undefined {
  const parsed = product.safeParse(JSON.parse(entry));
  if (!parsed.success || parsed.data.product.attributes.instanceType !== instanceType) return undefined;
  const dimensions = Object.values(parsed.data.terms.OnDemand).flatMap(({ priceDimensions }) =>
    Object.values(priceDimensions),
  );
  const hourly = dimensions.filter(({ unit, pricePerUnit }) => unit === 'Hrs' && pricePerUnit.USD > 0);
  return hourly[0]?.pricePerUnit.USD;
}
