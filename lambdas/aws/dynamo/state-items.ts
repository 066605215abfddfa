/**
 * Records of the model to stored items and back. It knows keys and fields, but no database: whatever keeps
 * items under keys can be a state store. Each record is checked before it is written and after it is read.
 */
import type * as z from 'zod';
import type {
  EpochSeconds,
  Farm,
  FarmState,
  Floor,
  Launch,
  Machine,
  Order,
  Prices,
  UnreadableRecord,
} from '../../core/model/index.ts';
import {
  farmSchema,
  floorSchema,
  launchSchema,
  machineSchema,
  orderSchema,
  pricesSchema,
} from '../../core/model/index.ts';
import { subjectOf } from '../../core/reason/orders.ts';
import type { Lease } from '../../ports.ts';
import { FARM_KEY, floorKey, launchKey, LEASE_KEY, machineKey, orderKey, PRICES_KEY } from './state-table.ts';

/** One record under its key within the farm. */
export interface StateItem {
  readonly key: string;
  readonly fields: object;
}

/**
 * DynamoDB takes 400 KB (409,600 bytes) per item. Bytes are counted as JSON, which is never shorter than DynamoDB's own
 * form of our records; the rest is room for the keys and the fence.
 */
export const ITEM_BYTES_MAX = 400_000;

const MACHINE_PREFIX = machineKey('');

/** Each throws an error that names every wrong field when the record could not be read back. */
export function farmItem(farm: Farm): StateItem {
  return { key: FARM_KEY, fields: encode('farm', farmSchema, farm) };
}

export function pricesItem(prices: Prices): StateItem {
  return { key: PRICES_KEY, fields: encode('prices', pricesSchema, prices) };
}

export function machineItem(machine: Machine): StateItem {
  return { key: machineKey(machine.instanceId), fields: encode('machine', machineSchema, machine) };
}

export function launchItem(launch: Launch): StateItem {
  return { key: launchKey(launch.id), fields: encode('launch', launchSchema, launch) };
}

export function floorItem(floor: Floor): StateItem {
  return { key: floorKey(floor.type), fields: encode('floor', floorSchema, floor) };
}

export function orderItem(order: Order): StateItem {
  return { key: orderKey(subjectOf(order)), fields: encode('order', orderSchema, order) };
}

/** Sorts items into what they are records of. Lease, expired floors and orders are left out; the order is kept. */
export function decodeState(items: readonly StateItem[], now: EpochSeconds): FarmState {
  const farms = new RecordReader(farmSchema, () => FARM_KEY);
  const prices = new RecordReader(pricesSchema, () => PRICES_KEY);
  const machines = new RecordReader(machineSchema, (machine) => machineKey(machine.instanceId));
  const launches = new RecordReader(launchSchema, (launch) => launchKey(launch.id));
  const floors = new RecordReader(floorSchema, (floor) => floorKey(floor.type));
  const orders = new RecordReader(orderSchema, (order) => orderKey(subjectOf(order)));
  const readers = new Map<string, { read(item: StateItem): string | undefined }>([
    ['farm', farms],
    ['prices', prices],
    ['machine', machines],
    ['launch', launches],
    ['floor', floors],
    ['order', orders],
  ]);
  const unreadable: UnreadableRecord[] = [];
  for (const item of items) {
    if (item.key === LEASE_KEY) continue;
    const reader = readers.get(item.key.split('#', 1).join());
    const problem = reader === undefined ? 'this version knows no such kind of record' : reader.read(item);
    if (problem !== undefined) unreadable.push(unreadableRecord(item.key, problem));
  }
  const inForce = orders.records.filter(({ until = Infinity }) => until > now);
  return {
    farm: farms.records[0] ?? { backOffs: [] },
    ...(prices.records[0] !== undefined && { prices: prices.records[0] }),
    machines: machines.records,
    launches: launches.records,
    floors: floors.records.filter((floor) => floor.until > now),
    ...(items.length === 0 && { isBlank: true }),
    ...(inForce.length > 0 && { orders: inForce }),
    ...(unreadable.length > 0 && { unreadable }),
  };
}

/**
 * A load under a lease shows that lease, or it is not a picture of this farm as it is now, however well formed.
 * @throws Error when the lease is missing from `items` or bears a lower fence.
 */
export function mustShow(lease: Lease, items: readonly StateItem[]): void {
  const shown = items.find(({ key }) => key === LEASE_KEY)?.fields;
  const fence = shown !== undefined && 'fence' in shown ? Number(shown.fence) : Number.NaN;
  if (fence >= lease.fence) return;
  const instead = Number.isNaN(fence) ? 'no lease' : `the older fence ${fence}`;
  throw new Error(
    `what was loaded shows ${instead} although ${lease.holder} holds the lease with fence ${lease.fence}: it is not the state of the farm`,
  );
}

/** Collects the records of one kind. */
class RecordReader<T> {
  readonly records: T[] = [];
  readonly #schema: z.ZodType<T>;
  readonly #keyOf: (record: T) => string;

  constructor(schema: z.ZodType<T>, keyOf: (record: T) => string) {
    this.#schema = schema;
    this.#keyOf = keyOf;
  }

  /** Keeps the record, or returns what is wrong with it. */
  read({ key, fields }: StateItem): string | undefined {
    const parsed = this.#schema.safeParse(fields);
    if (!parsed.success) return problemsOf(parsed.error);
    const ownKey = this.#keyOf(parsed.data);
    if (ownKey !== key) return `it lies under the key ${key} but says it is ${ownKey}`;
    this.records.push(parsed.data);
    return undefined;
  }
}

function unreadableRecord(key: string, problem: string): UnreadableRecord {
  const isMachine = key.startsWith(MACHINE_PREFIX);
  return { key, ...(isMachine && { instanceId: key.slice(MACHINE_PREFIX.length) }), problem };
}

/** A copy that shares nothing with the record. JSON also drops members that are explicitly undefined, as DynamoDB would. */
function encode<T extends object>(kind: string, schema: z.ZodType<T>, record: T): T {
  const json = JSON.stringify(record);
  const bytes = Buffer.byteLength(json);
  if (bytes > ITEM_BYTES_MAX) {
    throw new Error(
      `a ${kind} record may have ${ITEM_BYTES_MAX} bytes, this one has ${bytes}; its longest field is ${longestField(record)}`,
    );
  }
  const parsed = schema.safeParse(JSON.parse(json));
  if (!parsed.success) throw new Error(`not a valid ${kind} record: ${problemsOf(parsed.error)}`);
  return parsed.data;
}

function longestField(record: object): string {
  const lengths = Object.entries(record).map(([field, value]) => ({
    field,
    length: JSON.stringify(value ?? null).length,
  }));
  return lengths.reduce((longest, next) => (next.length > longest.length ? next : longest)).field;
}

function problemsOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'record'}: ${issue.message}`).join('; ');
}
