/** What is remembered of a machine. */
import * as z from 'zod';
import { poolSchema } from './pool.ts';
import { dollarsSchema } from './prices.ts';
import { runnerKindSchema } from './queue.ts';
import { countSchema, idSchema, noted, renamedFrom, secondsSchema, sightingSchema } from './scalars.ts';

export const phaseSchema = z.enum([
  'booting',
  'ready',
  'draining',
  'stopping',
  'stopped',
  'terminating',
  'failed',
]);
/** Life of a machine, from launch to gone. A launch that has not answered yet is the phase `requested`. */
export type Phase = z.infer<typeof phaseSchema>;

export const billingSchema = z.enum(['hourly', 'per-second']);
/** How AWS charges a machine: `hourly` buys whole hours from each start on, `per-second` buys seconds. */
export type Billing = z.infer<typeof billingSchema>;

const drainRecord = z
  .object({
    since: secondsSchema,
    reason: z.string(),
    /** That it is not offered any more was verified. */
    withdrawn: sightingSchema.exactOptional(),
    /** A trusted status taken after `withdrawn` shows that the queue runner knows. */
    knownWithdrawn: sightingSchema.exactOptional(),
    /** First of the unbroken run of trusted statuses, from `knownWithdrawn` on, that show no job on it. */
    quiet: sightingSchema.exactOptional(),
    /** First of the unbroken run of trusted statuses, from `knownWithdrawn` on, that do not show it at all. */
    missing: sightingSchema.exactOptional(),
    /** First of the unbroken run of trusted statuses, from `quiet` on, without a step of any machine that is finishing: the next one is proof. */
    noneFinishing: sightingSchema.exactOptional(),
    /** A proof that nothing is being fetched from it any more, taken at or after `quiet`. */
    clear: sightingSchema.exactOptional(),
    /** AWS was asked to end it and has not: it may yet, so the machine is not taken back. */
    endAsked: noted,
  })
  .readonly();
export const drainSchema = renamedFrom(
  { unlisted: 'withdrawn', acknowledged: 'knownWithdrawn', uncopied: 'noneFinishing', copiedBack: 'clear' },
  drainRecord,
);
/** How far a drain has come; each field is evidence for one part of rule 2. */
export type Drain = z.infer<typeof drainSchema>;

export const startsSchema = z
  .object({
    /** Accepted by AWS, and stopped again before it was ready. */
    undone: countSchema,
    /** Refused for a reason of its own. */
    refused: countSchema,
    /** Not tried again before then. */
    until: secondsSchema.exactOptional(),
    /** EC2's start of it that was undone last. */
    startedAt: secondsSchema.exactOptional(),
  })
  .readonly();
/** Starts of a stopped machine that came to nothing. */
export type Starts = z.infer<typeof startsSchema>;

const machineRecord = z
  .object({
    instanceId: idSchema,
    type: idSchema,
    /** The launch it came from; absent when it was adopted without one. */
    launchId: idSchema.exactOptional(),
    /** The queue runner it serves, which it asks for when it boots. Absent for the C++ one. */
    runner: runnerKindSchema.exactOptional(),
    phase: phaseSchema,
    phaseSince: secondsSchema,
    /** Why it is in its phase, for people. */
    reason: z.string(),
    billing: billingSchema,
    address: z.string().exactOptional(),
    /** What it proves itself by to who connects to it, as the dialect writes it, once known. */
    identity: z.string().exactOptional(),
    /** When it was verified, this time round, that it is offered. Absent while it is not. */
    offered: sightingSchema.exactOptional(),
    /** The first trusted status since `offered` that shows the machine. Only then can a withdrawal be told from an offer never noticed. */
    seenOffered: sightingSchema.exactOptional(),
    /**
     * It was not ready yet, and the last trusted status showed none offered or at work under its key. A predecessor may
     * have left an offer there that the queue runner still goes by, and then what was never ready may be at work all the same.
     */
    unknownToRunner: noted,
    /**
     * It was not ready, and a trusted status showed it offered or at work all the same: somebody else had it offered, or its
     * predecessor. `over` is when the first one no longer did; absent while the last one did.
     */
    shownAtWork: z.object({ over: secondsSchema.exactOptional() }).readonly().exactOptional(),
    /** Since when it has been more than the type needs: the grace timer. */
    surplusSince: secondsSchema.exactOptional(),
    /** Since when it is to be asked whether it still answers, because the queue runner failed there once. It is capacity meanwhile. */
    doubtedSince: secondsSchema.exactOptional(),
    /** Since when there is reason to believe that it does not answer, although it was offered. */
    unreachableSince: secondsSchema.exactOptional(),
    /** When such a doubt was last dispelled: failures before that do not count again. */
    reached: sightingSchema.exactOptional(),
    /** EC2's start of it that it got ready after: another one means a restart behind our back. */
    startedAt: secondsSchema.exactOptional(),
    /** AWS has announced, since its last start, that it will take it: that stays true when AWS cannot be asked again. */
    interrupted: noted,
    /** Since when EC2 has shown it stopping or shutting down, whoever wanted it. Absent while it does not. */
    goingDownSince: secondsSchema.exactOptional(),
    /** It no longer bears our tag. */
    untagged: noted,
    drain: drainSchema.exactOptional(),
    /** Where it was launched, as EC2 answered. */
    pool: poolSchema.exactOptional(),
    /** What it cost an hour when it was first seen with a price, in dollars; absent while none is known. */
    dollarsPerHour: dollarsSchema.exactOptional(),
    /** Since when, and in how many looks, EC2 has not shown it. Absent while it does. */
    missing: z.object({ since: secondsSchema, looks: countSchema }).readonly().exactOptional(),
    /** What became of starts of it since it was last ready; absent while they went well. */
    starts: startsSchema.exactOptional(),
  })
  .readonly();
export const machineSchema = renamedFrom(
  { listed: 'offered', seenListed: 'seenOffered', hostKey: 'identity' },
  machineRecord,
);
/** What is remembered of one machine. One stored item. */
export type Machine = z.infer<typeof machineSchema>;
