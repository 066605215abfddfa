/** What AWS asks for machines, as it said when it was last asked. */
import * as z from 'zod';
import { marketSchema } from './pool.ts';
import { problemSchema } from './problem.ts';
import { idSchema, secondsSchema } from './scalars.ts';

export const dollarsSchema = z.number().positive().max(10_000);

/** Sums of prices are not exact in binary, and no machine costs so little, in dollars an hour. */
export const DOLLARS_ROUNDING = 1e-9;

export const priceSchema = z
  .object({
    instanceType: idSchema,
    market: marketSchema,
    /** The availability zone; absent for on-demand machines, which cost the same everywhere in the region. */
    zone: idSchema.exactOptional(),
    dollarsPerHour: dollarsSchema,
  })
  .readonly();
/** What one kind of machine costs, without disk, address and tax. */
export type Price = z.infer<typeof priceSchema>;

export const pricesSchema = z
  .object({
    askedAt: secondsSchema,
    /** Instance types that were asked for, whether AWS has told a price or not. */
    asked: z.array(idSchema).readonly(),
    prices: z.array(priceSchema).readonly(),
    /** Why some or all could not be had at `askedAt`; what was known before is kept. */
    problem: problemSchema.exactOptional(),
  })
  .readonly();
/** All prices of a farm. One stored item. */
export type Prices = z.infer<typeof pricesSchema>;
