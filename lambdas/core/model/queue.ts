/** What the queue runner said, parsed and judged. */
import * as z from 'zod';
import { problemFields, problemSchema } from './problem.ts';
import { countSchema, noted, renamedFrom, secondsSchema } from './scalars.ts';

const text = z.string();

export const runnerKindSchema = z.enum(['cpp', 'rust']);
/** The two queue runners that Hydra has had: C++ up to NixOS 26.05, Rust from 26.11 on. */
export type RunnerKind = z.infer<typeof runnerKindSchema>;

export const stepDemandSchema = z
  .object({
    /** The runner's own key, for people. */
    key: text,
    system: text,
    /** Required features, sorted. Absent where the runner does not tell: then the system alone decides. */
    features: z.array(text).readonly().exactOptional(),
    /** Steps that could start now, clamped to what the runner has in all. */
    runnable: countSchema,
    running: countSchema,
  })
  .readonly();
/** Steps of one kind in the queue. */
export type StepDemand = z.infer<typeof stepDemandSchema>;

const doneSchema = z.object({ steps: countSchema, seconds: z.number().min(0) }).readonly();

const queueMachineRecord = z
  .object({
    /** What the queue runner knows it by, as the dialect writes it. */
    key: text,
    /** The queue runner may give it work now. */
    offered: z.boolean(),
    currentJobs: countSchema,
    /** Absent while busy, and when it has never built. */
    idleSince: secondsSchema.exactOptional(),
    /** Absent unless a failure has disabled it at some time. */
    disabledUntil: secondsSchema.exactOptional(),
    lastFailure: secondsSchema.exactOptional(),
    consecutiveFailures: countSchema,
    /** Steps it has done, good and bad, and what they took in seconds, all together; a predecessor under the same key may be in it. Absent where there are none. */
    done: doneSchema.exactOptional(),
    /** When the queue runner last heard from it, by the host's clock. Absent where it does not tell. */
    heardAt: secondsSchema.exactOptional(),
    /** Its steps that the database has as under way, whatever `currentJobs` says. Absent where that is not asked. */
    busySteps: countSchema.exactOptional(),
    /** It takes no more steps, although it has free slots. */
    isFull: noted,
    /** All its slots are held by steps that are over, so that it is never given anything again. */
    isUseless: noted,
    /** No step has succeeded there since it last failed, and it has failed so often that it is no good. */
    isFailing: noted,
  })
  .readonly();
export const queueMachineSchema = renamedFrom({ address: 'key', listed: 'offered' }, queueMachineRecord);
/** One machine as the queue runner sees it. */
export type QueueMachine = z.infer<typeof queueMachineSchema>;

export const trustedStatusSchema = z
  .object({
    trusted: z.literal(true),
    /** Host clock at the dump. */
    at: secondsSchema,
    /** Host clock at the runner's start. */
    runnerStartedAt: secondsSchema,
    demand: z.array(stepDemandSchema).readonly(),
    /** Unfinished builds that the runner has loaded: while it loads a large evaluation it grows from look to look. */
    buildsQueued: countSchema.exactOptional(),
    /** By their keys. */
    machines: z.map(text, queueMachineSchema).readonly(),
    /** Steps that hold no slot any more, and whose outputs are still being fetched, or the last of them noted. Absent when the runner does not tell. */
    stepsFinishing: countSchema.exactOptional(),
    /** Steps that no machine the runner knows supports. Absent when the runner does not tell. */
    stepsUnsupported: countSchema.exactOptional(),
    /** Step kinds left out of `demand` because no machine type can be named for them, escaped for people. Absent when there are none. */
    ignoredKinds: z.array(text).readonly().exactOptional(),
    /** The Nix system of the Hydra host: `builtin` steps run only there. */
    hostSystem: text.exactOptional(),
    /** What people have to see to at the queue runner. Absent where there is nothing. */
    troubles: z.array(problemSchema).readonly().exactOptional(),
  })
  .readonly();
/** A status that may be acted on. */
export type TrustedStatus = z.infer<typeof trustedStatusSchema>;

export const untrustedStatusSchema = z
  .object({
    trusted: z.literal(false),
    cause: z.enum(['unreachable', 'failed', 'unreadable', 'down', 'stale', 'restarted', 'unsupported']),
    ...problemFields,
    /** What a runner that has just started knows already: too little to end a machine, enough to launch one. */
    demand: z.array(stepDemandSchema).readonly().exactOptional(),
    /** As of a trusted status. */
    buildsQueued: countSchema.exactOptional(),
    hostSystem: text.exactOptional(),
  })
  .readonly();
/** A status nothing may be concluded from. */
export type UntrustedStatus = z.infer<typeof untrustedStatusSchema>;

export const queueStatusSchema = renamedFrom(
  { stepsCopyingBack: 'stepsFinishing', reason: 'says' },
  z.discriminatedUnion('trusted', [trustedStatusSchema, untrustedStatusSchema]),
);
export type QueueStatus = z.infer<typeof queueStatusSchema>;

export const storeUseSchema = z.enum(['quiet', 'serving']);
/** Whether a machine serves its Nix store to a client now: a queue runner that builds on it or copies back from it. */
export type StoreUse = z.infer<typeof storeUseSchema>;
