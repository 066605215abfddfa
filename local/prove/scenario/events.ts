/** The events of a scenario, each with what it takes; those of the queue and its runner are `hydra-replay`'s. */
import * as z from 'zod';
import {
  builderEvent,
  cancelEvent,
  machinesEvent,
  namesOf,
  plainEvent,
  queueEvent,
} from '../../world/queue-runner/scenario.ts';
import type { ScenarioEvent as RunnerEvent } from '../../world/queue-runner/scenario.ts';
import { replaceRunner, RUST_EVENTS } from './rust-events.ts';
import type { RustEvent } from './rust-events.ts';

const at = { t: z.number().min(0, 'must be 0 or more: seconds since the start') };
const lasting = { ...at, until: z.number().optional() };

/** Which machines an event is about. */
const of = z
  .strictObject({
    market: z.enum(['spot', 'on-demand']).optional(),
    instanceType: z.string().optional(),
    subnet: z.string().optional(),
    /** A machine type of the configuration. */
    type: z.string().optional(),
  })
  .optional();
const share = z.number().min(0, 'must be 0 to 1').max(1, 'must be 0 to 1').default(1);
const striking = { ...lasting, of, share };

const seconds = z.number().min(0, 'must be 0 or more seconds');
const count = z.int('must be a whole number').min(0, 'must be 0 or more');
const times = z.int('must be a whole number').min(1, 'must be 1 or more').optional();
const reasonCode = z.string().min(1, 'must be a code such as Client.InternalError');

const instancesEnd = z.strictObject({
  ...striking,
  do: z.literal('instances-end'),
  when: z.union([z.literal('pending'), seconds], 'must be "pending" or seconds after running'),
  stateReason: reasonCode.default('Server.InternalError'),
});

const spotTaken = z.strictObject({
  ...striking,
  do: z.literal('spot-taken'),
  when: seconds,
  warning: seconds.default(120),
});

const startUndone = z.strictObject({
  ...striking,
  do: z.literal('start-undone'),
  stateReason: reasonCode.default('Server.InternalError'),
});

const instancesStuck = z.strictObject({
  ...striking,
  do: z.literal('instances-stuck'),
  state: z.enum(['pending', 'stopping', 'shutting-down']),
  seconds,
});

const instancesHidden = z.strictObject({ ...striking, do: z.literal('instances-hidden'), seconds });

const describeAnswers = z.strictObject({
  ...lasting,
  do: z.literal('describe-answers'),
  answer: z.enum(['empty', 'half', 'without-newest']),
  times,
});

const refuse = z.strictObject({
  ...striking,
  do: z.literal('refuse'),
  call: z.string(),
  code: z.string().min(1, 'must be a code such as UnauthorizedOperation'),
  message: z.string().optional(),
});

const capacity = z.strictObject({ ...lasting, do: z.literal('capacity'), of, machines: count.default(0) });

const untag = z.strictObject({
  ...at,
  do: z.literal('untag'),
  machines: z.union([z.enum(['all', 'oldest']), count], 'must be "all", "oldest" or a number'),
});

const foreignInstance = z.strictObject({
  ...at,
  do: z.literal('foreign-instance'),
  tags: z
    .record(z.string().regex(/^(?!aws:)/i, 'must not begin with aws: only AWS writes such tags'), z.string())
    .default({}),
  /** A machine type of the configuration, or an EC2 instance type. */
  type: z.string(),
  count: count.default(1),
});

const stateAnswers = z.strictObject({
  ...lasting,
  do: z.literal('state-answers'),
  answer: z.literal('empty'),
  times,
});

const tickTwice = z.strictObject({
  ...at,
  do: z.literal('tick-twice'),
  apartSeconds: seconds.default(1),
  sameRequestId: z.boolean().default(true),
});

const order = z.strictObject({ ...at, do: z.literal('order'), event: z.record(z.string(), z.unknown()) });
const upgrade = z.strictObject({ ...at, do: z.literal('upgrade'), config: z.unknown().optional() });
const fileWritten = z.strictObject({ ...at, do: z.literal('file-written'), text: z.string() });

/** A jobset is evaluated from `t` on, and after `seconds` its builds are queued; without `seconds` that never ends. */
const evaluate = z.strictObject({
  ...at,
  do: z.literal('evaluate'),
  jobset: z.string().regex(/^[A-Za-z0-9_.:-]{1,200}$/, 'must be a name such as project:jobset'),
  seconds: z.number().min(1, 'must be 1 or more').optional(),
  builds: z
    .array(
      z.strictObject({
        count: z.int('must be a whole number').min(1, 'must be 1 or more'),
        system: z.string(),
        features: z.array(z.string()).default([]),
        seconds,
      }),
    )
    .default([]),
});

/** What happens to the world beside the queue and its runner. */
const worldEvents = [
  instancesEnd,
  spotTaken,
  startUndone,
  instancesStuck,
  instancesHidden,
  describeAnswers,
  refuse,
  capacity,
  untag,
  foreignInstance,
  stateAnswers,
  tickTwice,
  order,
  upgrade,
  fileWritten,
  replaceRunner,
  evaluate,
] as const;

/** An event of the world beside the queue runner. */
export type WorldEvent = z.output<(typeof worldEvents)[number]>;

const runnerEvents = [queueEvent, cancelEvent, machinesEvent, builderEvent, plainEvent] as const;

/** Any event as it is written. */
export type WrittenEvent = WorldEvent | RustEvent | RunnerEvent;

/** What only a host with the Rust queue runner can meet. */
export const RUST_EVENT_NAMES: ReadonlySet<string> = new Set(RUST_EVENTS.flatMap(namesOf));

export const isRustEvent = <Event extends { readonly do: string }>(
  event: Event,
): event is Extract<Event, RustEvent> => RUST_EVENT_NAMES.has(event.do);

/** The schema of every event by its name. */
export const EVENT_SCHEMAS: ReadonlyMap<string, z.ZodObject> = new Map<string, z.ZodObject>([
  ...worldEvents.map((schema) => [schema.shape.do.value, schema] as const),
  ...runnerEvents.flatMap((schema) =>
    namesOf(schema).map((name) => [name, schema.extend(at).strict()] as const),
  ),
  ...RUST_EVENTS.flatMap((schema) => namesOf(schema).map((name) => [name, schema] as const)),
]);
