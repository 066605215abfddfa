/** Everything seen in one round. */
import * as z from 'zod';
import { noticeSchema } from './evaluation.ts';
import { farmStateSchema } from './farm.ts';
import { instanceSchema, knownTemplateSchema } from './instance.ts';
import { problemSchema } from './problem.ts';
import { queueStatusSchema, runnerKindSchema, storeUseSchema } from './queue.ts';
import { idSchema, renamedFrom, secondsSchema, sightingSchema } from './scalars.ts';

const text = z.string();

const standingOfferRecord = z
  .object({
    /** Tells it from any other: the same machines offered in the same way have the same. */
    digest: text,
    seen: sightingSchema,
  })
  .readonly();
export const standingOfferSchema = renamedFrom({ sha256: 'digest' }, standingOfferRecord);
/** All that we offer to the queue runner, as it stands there now. */
export type StandingOffer = z.infer<typeof standingOfferSchema>;

export const readinessSchema = z
  .object({
    instanceId: idSchema,
    reached: z.boolean(),
    /** Why not, in the tool's words; empty when reached. */
    detail: text,
  })
  .readonly();
/** Whether the Hydra host could use a machine as the queue runner would. */
export type Readiness = z.infer<typeof readinessSchema>;

const observationRecord = z
  .object({
    now: secondsSchema,
    /** When the host was asked for what it shows here: that may be much older than its answer. Absent: as `now`. */
    askedAt: secondsSchema.exactOptional(),
    state: farmStateSchema,
    instances: z.array(instanceSchema).readonly(),
    queue: queueStatusSchema,
    /** Of evaluations that will queue builds. Absent where nobody asked, the database could not be, or there are none. */
    notice: noticeSchema.exactOptional(),
    /** Which queue runner answered. Absent where none could be told: then it is the one there was. */
    runner: runnerKindSchema.exactOptional(),
    /** Absent when the host could not be asked, or nothing was ever offered there. */
    offer: standingOfferSchema.exactOptional(),
    /** Why nothing can be offered or withdrawn, whatever is tried, until a person changes something there. */
    unofferable: problemSchema.exactOptional(),
    /** Of the machines that were checked. One that is missing was not, and that means nothing. */
    readiness: z.array(readinessSchema).readonly(),
    /** Learnt this round, by instance id. */
    identities: z.map(text, text).readonly(),
    /** What machines lack that must not be offered, whatever they answer, in words, by instance id. Absent where there are none. */
    objections: z.map(text, text).readonly().exactOptional(),
    /** What machines, asked themselves, do with their store connections. Absence means unknown, not idle. */
    storeUse: z.map(text, storeUseSchema).readonly(),
    /** The launch templates of the configured types, as EC2 shows them. Absent where not needed, or EC2 could not be asked. */
    templates: z.array(knownTemplateSchema).readonly().exactOptional(),
    /** Remembered machines that EC2, asked for them by id, says it does not know. One merely not shown is not in here. */
    denied: z.set(idSchema).readonly().default(new Set()),
    /** Side questions that failed, each with the call, AWS's code and message: what they would have told is unknown. */
    problems: z.array(problemSchema).readonly().default([]),
  })
  .readonly();
export const observationSchema = renamedFrom(
  { file: 'offer', unpublishable: 'unofferable', probes: 'readiness', hostKeys: 'identities' },
  observationRecord,
);
/** Everything seen in one round. Entries of the journal from older versions have neither `denied` nor `problems`. */
export type Observation = z.infer<typeof observationSchema>;
