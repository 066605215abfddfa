/** What people have told the autoscaler besides its configuration. It holds until it is taken back or its time is up. */
import * as z from 'zod';
import { countSchema, idSchema, secondsSchema } from './scalars.ts';

export const floorSchema = z
  .object({
    type: idSchema,
    count: countSchema,
    until: secondsSchema,
    /** When it was given: what rested then is tried again. Absent in records of older versions. */
    at: secondsSchema.exactOptional(),
    by: z.string().exactOptional(),
  })
  .readonly();
/** A manual scale-out: at least `count` machines of `type` until `until`. */
export type Floor = z.infer<typeof floorSchema>;

const given = {
  /** When it was given. */
  at: secondsSchema,
  /** From when on it means nothing; absent for an order that only a person ends. */
  until: secondsSchema.exactOptional(),
  /** Who gave it, in their own words. */
  by: z.string().exactOptional(),
};

export const machineOrderSchema = z
  .object({ ...given, kind: z.enum(['drain', 'protect']), instanceId: idSchema })
  .readonly();
/**
 * For one machine. `drain`: it leaves as soon as nothing runs on it, and is not taken back. `protect`: lack of demand is
 * no reason to drain or end it.
 */
export type MachineOrder = z.infer<typeof machineOrderSchema>;

export const pauseOrderSchema = z
  .object({
    ...given,
    kind: z.literal('pause'),
    /** Absent for everything. */
    type: idSchema.exactOptional(),
  })
  .readonly();
/** Nothing is launched, started, drained or ended. Ready machines stay offered, and what AWS takes is still withdrawn. */
export type PauseOrder = z.infer<typeof pauseOrderSchema>;

export const retryOrderSchema = z.object({ ...given, kind: z.literal('retry'), type: idSchema }).readonly();
/** What went wrong with launches of a type before this was given no longer keeps it from any. */
export type RetryOrder = z.infer<typeof retryOrderSchema>;

export const orderSchema = z.discriminatedUnion('kind', [
  machineOrderSchema,
  pauseOrderSchema,
  retryOrderSchema,
]);
export type Order = z.infer<typeof orderSchema>;

/** What an order is about. There is one order per subject: the newest. */
export type OrderSubject =
  | { readonly instanceId: string }
  | { readonly type: string }
  | { readonly retriedType: string }
  | 'everything';
