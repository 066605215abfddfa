/**
 * What a stored record must look like to be believed. A field of the model that is missing here does not compile:
 * it would be lost in the store. Fields the model does not have are ignored, so that a version can be rolled back.
 */
import * as z from 'zod';
import type { MachineHour } from '../../core/machine-hours.ts';
import type { Told } from '../../core/notices.ts';
import type { MachineOrder, Order, PauseOrder, RetryOrder } from '../../core/orders.ts';
import type {
  BackOff,
  Drain,
  Farm,
  Floor,
  KnownTemplate,
  Launch,
  Machine,
  Phase,
  Pool,
  Sighting,
  Unrecorded,
} from '../../core/model.ts';
import type { Waiting } from '../../core/waiting.ts';

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
  uncopied: sighting.exactOptional(),
  copiedBack: sighting.exactOptional(),
} satisfies FieldsOf<Drain>);

const market = z.enum(['on-demand', 'spot']);

const pool: z.ZodType<Pool> = z.object({
  instanceType: z.string(),
  subnet: z.string(),
  market,
} satisfies FieldsOf<Pool>);

const missing: z.ZodType<NonNullable<Machine['missing']>> = z.object({
  since: seconds,
  looks: count,
} satisfies FieldsOf<NonNullable<Machine['missing']>>);

const starts: z.ZodType<NonNullable<Machine['starts']>> = z.object({
  undone: count,
  refused: count,
  until: seconds.exactOptional(),
  startedAt: seconds.exactOptional(),
} satisfies FieldsOf<NonNullable<Machine['starts']>>);

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
  unknownToRunner: z.literal(true).exactOptional(),
  surplusSince: seconds.exactOptional(),
  unreachableSince: seconds.exactOptional(),
  reached: sighting.exactOptional(),
  startedAt: seconds.exactOptional(),
  interrupted: z.literal(true).exactOptional(),
  goingDownSince: seconds.exactOptional(),
  untagged: z.literal(true).exactOptional(),
  drain: drain.exactOptional(),
  pool: pool.exactOptional(),
  missing: missing.exactOptional(),
  starts: starts.exactOptional(),
  doubtedSince: seconds.exactOptional(),
} satisfies FieldsOf<Machine>);

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
  at: seconds.exactOptional(),
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
  z.object({ ...given, kind: z.literal('retry'), type: id } satisfies FieldsOf<RetryOrder>),
]);

const backOff: z.ZodType<BackOff> = z.object({
  type: id,
  pool: pool.exactOptional(),
  market: market.exactOptional(),
  failures: count,
  trial: z.literal(true).exactOptional(),
  until: seconds,
  at: seconds.exactOptional(),
  reason: z.string(),
  cause: z.enum(['refused', 'never-ready', 'ended', 'taken']).exactOptional(),
} satisfies FieldsOf<BackOff>);

const waiting: z.ZodType<Waiting> = z.object({ type: id, since: seconds } satisfies FieldsOf<Waiting>);

const told: z.ZodType<Told> = z.object({ key: z.string(), at: seconds } satisfies FieldsOf<Told>);

const machineHour: z.ZodType<MachineHour> = z.object({
  at: seconds,
  seconds: z.record(z.string(), seconds),
} satisfies FieldsOf<MachineHour>);

const unpublished: z.ZodType<NonNullable<Farm['unpublished']>> = z.object({
  times: count,
  since: seconds,
  reason: z.string(),
} satisfies FieldsOf<NonNullable<Farm['unpublished']>>);

export const templateSchema: z.ZodType<KnownTemplate> = z.object({
  name: id,
  id,
} satisfies FieldsOf<KnownTemplate>);

const unrecorded: z.ZodType<Unrecorded> = z.object({
  instanceId: id,
  type: id.exactOptional(),
} satisfies FieldsOf<Unrecorded>);

export const farmSchema: z.ZodType<Farm> = z.object({
  lastTrustedAt: seconds.exactOptional(),
  untrustedSince: seconds.exactOptional(),
  stalledSince: seconds.exactOptional(),
  lastRepublishedAt: seconds.exactOptional(),
  backOffs: z.array(backOff),
  lastTickAt: seconds.exactOptional(),
  waiting: z.array(waiting).exactOptional(),
  told: z.array(told).exactOptional(),
  machineHours: z.array(machineHour).exactOptional(),
  publishedSha256: z.string().exactOptional(),
  unrecorded: z.array(unrecorded).exactOptional(),
  unpublished: unpublished.exactOptional(),
  wroteFile: z.boolean().exactOptional(),
  buildsQueued: count.exactOptional(),
  templates: z.array(templateSchema).exactOptional(),
} satisfies FieldsOf<Farm>);
