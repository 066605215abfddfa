/** What an entry of the journal must look like to be planned again: it may come from a file that people have edited. */
import * as z from 'zod';
import type { JournalEntry, JournalRound, RequestEntry, TickEntry } from '../../core/journal.ts';
import type {
  Action,
  Decision,
  FarmState,
  Instance,
  Observation,
  ProbeResult,
  QueueMachine,
  QueueStatus,
  StateReason,
  StepDemand,
  TrustedStatus,
  UnreadableRecord,
  UntrustedStatus,
} from '../../core/model.ts';
import {
  count,
  farmSchema,
  floorSchema,
  id,
  launchSchema,
  machineSchema,
  orderSchema,
  seconds,
  sighting,
  templateSchema,
  type FieldsOf,
} from './state-schemas.ts';

const text = z.string();

const instance: z.ZodType<Instance> = z.object({
  instanceId: id,
  state: z.enum(['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated', 'unknown']),
  stateReason: z.object({ code: text, message: text } satisfies FieldsOf<StateReason>).exactOptional(),
  type: text.exactOptional(),
  launchId: text.exactOptional(),
  templateId: text.exactOptional(),
  untagged: z.literal(true).exactOptional(),
  address: text.exactOptional(),
  startedAt: seconds.exactOptional(),
  instanceType: text.exactOptional(),
  subnet: text.exactOptional(),
  market: z.enum(['on-demand', 'spot']),
  interrupted: z.boolean().exactOptional(),
} satisfies FieldsOf<Instance>);

const demand: z.ZodType<StepDemand> = z.object({
  key: text,
  system: text,
  features: z.array(text),
  runnable: count,
  running: count,
} satisfies FieldsOf<StepDemand>);

const queueMachine: z.ZodType<QueueMachine> = z.object({
  address: text,
  listed: z.boolean(),
  currentJobs: count,
  idleSince: seconds.exactOptional(),
  disabledUntil: seconds.exactOptional(),
  lastFailure: seconds.exactOptional(),
  consecutiveFailures: count,
} satisfies FieldsOf<QueueMachine>);

const trusted = z.object({
  trusted: z.literal(true),
  at: seconds,
  runnerStartedAt: seconds,
  demand: z.array(demand),
  buildsQueued: count.exactOptional(),
  machines: z.map(text, queueMachine),
  stepsCopyingBack: count.optional(),
  stepsUnsupported: count.exactOptional(),
  ignoredKinds: z.array(text).exactOptional(),
  hostSystem: text.exactOptional(),
} satisfies FieldsOf<TrustedStatus>);

const untrusted = z.object({
  trusted: z.literal(false),
  cause: z.enum(['unreachable', 'failed', 'unreadable', 'down', 'stale', 'restarted', 'unsupported']),
  reason: text,
  demand: z.array(demand).exactOptional(),
  buildsQueued: count.exactOptional(),
  hostSystem: text.exactOptional(),
} satisfies FieldsOf<UntrustedStatus>);

/** The one field that is there but undefined; JSON leaves such fields out. */
const queue: z.ZodType<QueueStatus> = z.union([
  trusted.transform((status) => ({ ...status, stepsCopyingBack: status.stepsCopyingBack })),
  untrusted,
]);

const unreadable: z.ZodType<UnreadableRecord> = z.object({
  key: text,
  instanceId: text.exactOptional(),
  problem: text,
} satisfies FieldsOf<UnreadableRecord>);

const state: z.ZodType<FarmState> = z.object({
  farm: farmSchema,
  machines: z.array(machineSchema),
  launches: z.array(launchSchema),
  floors: z.array(floorSchema),
  orders: z.array(orderSchema).exactOptional(),
  isBlank: z.literal(true).exactOptional(),
  unreadable: z.array(unreadable).exactOptional(),
} satisfies FieldsOf<FarmState>);

const probe: z.ZodType<ProbeResult> = z.object({
  instanceId: id,
  reached: z.boolean(),
  detail: text,
} satisfies FieldsOf<ProbeResult>);

const observation: z.ZodType<Observation> = z.object({
  now: seconds,
  state,
  instances: z.array(instance),
  queue,
  file: z.object({ sha256: text, seen: sighting }).exactOptional(),
  unpublishable: text.exactOptional(),
  probes: z.array(probe),
  hostKeys: z.map(text, text),
  objections: z.map(text, text).exactOptional(),
  storeUse: z.map(text, z.enum(['quiet', 'serving'])),
  templates: z.array(templateSchema).exactOptional(),
  // Entries of older versions have neither.
  denied: z.set(id).default(() => new Set<string>()),
  problems: z.array(text).default(() => []),
} satisfies FieldsOf<Observation>);

const action: z.ZodType<Action> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('launch'), launch: launchSchema, reason: text }),
  z.object({ kind: z.literal('start'), instanceId: id, reason: text }),
  z.object({ kind: z.literal('stop'), instanceId: id, reason: text }),
  z.object({ kind: z.literal('terminate'), instanceId: id, reason: text }),
]);

const decision: z.ZodType<Decision> = z.object({
  subject: z.union([z.object({ machine: text, type: text }), z.object({ type: text })]),
  verdict: text,
  reason: text,
});

const round: z.ZodType<JournalRound> = z.object({
  at: seconds,
  observation: observation.exactOptional(),
  decisions: z.array(decision),
  actions: z.array(action),
  violations: z.array(text),
  problems: z.array(text),
  done: z.record(text, count).exactOptional(),
} satisfies FieldsOf<JournalRound>);

export const entrySchema: z.ZodType<JournalEntry> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('tick'),
    id,
    at: seconds,
    endedAt: seconds,
    result: text,
    message: text,
    rounds: z.array(round),
    leftOut: count,
  } satisfies FieldsOf<TickEntry>),
  z.object({
    kind: z.literal('request'),
    id,
    at: seconds,
    request: text,
    body: z.unknown(),
    by: text.exactOptional(),
    message: text,
  } satisfies FieldsOf<RequestEntry>),
]);
