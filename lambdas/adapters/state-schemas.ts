/**
 * What a stored record must look like to be believed. A field of the model that is missing here does not compile:
 * it would be lost in the store. Fields the model does not have are ignored, so that a version can be rolled back.
 */
import * as z from 'zod';
import type { MachineHour } from '../core/machine-hours.ts';
import type { Launched, Told } from '../core/notices.ts';
import type { MachineOrder, Order, PauseOrder } from '../core/orders.ts';
import type { BackOff, Drain, Farm, Floor, Launch, Machine, Phase, Pool, Sighting } from '../core/model.ts';
import type { Waiting } from '../core/waiting.ts';

/** Every field of `T`, the optional ones too. */
export type FieldsOf<T> = Readonly<Record<keyof T, z.ZodType>>;

const PHASES = {
  booting: 'booting',
  ready: 'ready',
  draining: 'draining',
  stopping: 'stopping',
  stopped: 'stopped',
  terminating: 'terminating',
  failed: 'failed',
} satisfies { [P in Phase]: P };

/** Beyond this a JavaScript number is not exact and DynamoDB's marshaller refuses it. */
export const seconds = z.number().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
export const count = z.int().min(0);
export const id = z.string().min(1);

export const sighting: z.ZodType<Sighting> = z.object({
  at: seconds,
  hostAt: seconds,
} satisfies FieldsOf<Sighting>);

const drain: z.ZodType<Drain> = z.object({
  since: seconds,
  reason: z.string(),
  unlisted: sighting.exactOptional(),
  acknowledged: sighting.exactOptional(),
  quiet: sighting.exactOptional(),
  copiedBack: sighting.exactOptional(),
} satisfies FieldsOf<Drain>);

export const machineSchema: z.ZodType<Machine> = z.object({
  instanceId: id,
  type: id,
  launchId: id.exactOptional(),
  phase: z.enum(PHASES),
  phaseSince: seconds,
  reason: z.string(),
  billing: z.enum(['hourly', 'per-second']),
  address: z.string().exactOptional(),
  hostKey: z.string().exactOptional(),
  listed: sighting.exactOptional(),
  seenListed: sighting.exactOptional(),
  surplusSince: seconds.exactOptional(),
  unreachableSince: seconds.exactOptional(),
  reached: sighting.exactOptional(),
  startedAt: seconds.exactOptional(),
  drain: drain.exactOptional(),
} satisfies FieldsOf<Machine>);

const pool: z.ZodType<Pool> = z.object({
  instanceType: z.string(),
  subnet: z.string(),
  market: z.enum(['on-demand', 'spot']),
} satisfies FieldsOf<Pool>);

export const launchSchema: z.ZodType<Launch> = z.object({
  id,
  type: id,
  count,
  pools: z.array(pool),
  requestedAt: seconds,
} satisfies FieldsOf<Launch>);

export const floorSchema: z.ZodType<Floor> = z.object({
  type: id,
  count,
  until: seconds,
  by: z.string().exactOptional(),
} satisfies FieldsOf<Floor>);

const given = { at: seconds, until: seconds.exactOptional(), by: z.string().exactOptional() };

export const orderSchema: z.ZodType<Order> = z.discriminatedUnion('kind', [
  z.object({
    ...given,
    kind: z.enum(['drain', 'protect']),
    instanceId: id,
  } satisfies FieldsOf<MachineOrder>),
  z.object({ ...given, kind: z.literal('pause'), type: id.exactOptional() } satisfies FieldsOf<PauseOrder>),
]);

const backOff: z.ZodType<BackOff> = z.object({
  type: id,
  pool: pool.exactOptional(),
  failures: count,
  trial: z.literal(true).exactOptional(),
  until: seconds,
  reason: z.string(),
} satisfies FieldsOf<BackOff>);

const waiting: z.ZodType<Waiting> = z.object({ type: id, since: seconds } satisfies FieldsOf<Waiting>);

const told: z.ZodType<Told> = z.object({ key: z.string(), at: seconds } satisfies FieldsOf<Told>);

const launched: z.ZodType<Launched> = z.object({ at: seconds, count } satisfies FieldsOf<Launched>);

const machineHour: z.ZodType<MachineHour> = z.object({
  at: seconds,
  seconds: z.record(z.string(), seconds),
} satisfies FieldsOf<MachineHour>);

export const farmSchema: z.ZodType<Farm> = z.object({
  lastTrustedAt: seconds.exactOptional(),
  untrustedSince: seconds.exactOptional(),
  stalledSince: seconds.exactOptional(),
  lastRepublishedAt: seconds.exactOptional(),
  backOffs: z.array(backOff),
  lastTickAt: seconds.exactOptional(),
  waiting: z.array(waiting).exactOptional(),
  told: z.array(told).exactOptional(),
  launched: z.array(launched).exactOptional(),
  machineHours: z.array(machineHour).exactOptional(),
} satisfies FieldsOf<Farm>);
