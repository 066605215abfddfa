/** Everything seen in one round. */
import * as z from 'zod';
import { farmStateSchema } from './farm.ts';
import { instanceSchema, knownTemplateSchema } from './instance.ts';
import { queueStatusSchema, storeUseSchema } from './queue.ts';
import { idSchema, secondsSchema, sightingSchema } from './scalars.ts';

const text = z.string();

export const publishedFileSchema = z
  .object({
    /** Lower-case hex. */
    sha256: text,
    seen: sightingSchema,
  })
  .readonly();
/** The machines file that lies on the host now. */
export type PublishedFile = z.infer<typeof publishedFileSchema>;

export const probeResultSchema = z
  .object({
    instanceId: idSchema,
    reached: z.boolean(),
    /** Why not, in the tool's words; empty when reached. */
    detail: text,
  })
  .readonly();
/** What a machine answered when the Hydra host tried to reach its Nix store. */
export type ProbeResult = z.infer<typeof probeResultSchema>;

export const observationSchema = z
  .object({
    now: secondsSchema,
    state: farmStateSchema,
    instances: z.array(instanceSchema).readonly(),
    queue: queueStatusSchema,
    /** Absent when the host could not be asked or has no file. */
    file: publishedFileSchema.exactOptional(),
    /** Why our machines file cannot be put in place, whatever is tried, until a person changes something there. */
    unpublishable: text.exactOptional(),
    probes: z.array(probeResultSchema).readonly(),
    /** Public host keys learnt this round, by instance id. */
    hostKeys: z.map(text, text).readonly(),
    /** What machines lack that must not be offered, whatever they answer, in words, by instance id. Absent where there are none. */
    objections: z.map(text, text).readonly().exactOptional(),
    /** What machines, asked themselves, do with their store connections. Absence means unknown, not idle. */
    storeUse: z.map(text, storeUseSchema).readonly(),
    /** The launch templates of the configured types, as EC2 shows them. Absent where not needed, or EC2 could not be asked. */
    templates: z.array(knownTemplateSchema).readonly().exactOptional(),
    /** Remembered machines that EC2, asked for them by id, says it does not know. One merely not shown is not in here. */
    denied: z.set(idSchema).readonly().default(new Set()),
    /** Side questions that failed, each with the call, AWS's code and message: what they would have told is unknown. */
    problems: z.array(text).readonly().default([]),
  })
  .readonly();
/** Everything seen in one round. Entries of the journal from older versions have neither `denied` nor `problems`. */
export type Observation = z.infer<typeof observationSchema>;
