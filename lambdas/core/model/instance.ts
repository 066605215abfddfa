/** What EC2 shows. */
import * as z from 'zod';
import { marketSchema } from './pool.ts';
import { idSchema, noted, secondsSchema } from './scalars.ts';

export const stateReasonSchema = z
  .object({
    /** Such as `Client.InvalidKMSKey.InvalidState`. */
    code: z.string(),
    message: z.string(),
  })
  .readonly();
/** Why an instance is in its state, as EC2 puts it. */
export type StateReason = z.infer<typeof stateReasonSchema>;

export const knownTemplateSchema = z.object({ name: idSchema, id: idSchema }).readonly();
/** A launch template of a machine type. Templates are known by name, and instances bear an id. */
export type KnownTemplate = z.infer<typeof knownTemplateSchema>;

export const instanceSchema = z
  .object({
    instanceId: idSchema,
    /** `unknown` is a state this version has no name for: the instance counts as alive, and nothing is done to it. */
    state: z.enum(['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated', 'unknown']),
    /** Absent where EC2 gives none; it speaks of the last change of state. */
    stateReason: stateReasonSchema.exactOptional(),
    /** The machine type it is tagged with; absent on instances made by hand without our type tag. */
    type: z.string().exactOptional(),
    /** The launch it is tagged with; absent on instances made by hand. */
    launchId: z.string().exactOptional(),
    /**
     * The id of the launch template that a fleet launched it from, by EC2's own marks: nothing else can write those.
     * Absent on everything that came about in another way, whatever tags people gave it.
     */
    templateId: z.string().exactOptional(),
    /** It was found by its id and does not bear the tag of our farm (any more). */
    untagged: noted,
    /** The address the Hydra host reaches it at. Absent while there is none. */
    address: z.string().exactOptional(),
    /** The last start: the anchor of the paid hour, not the machine's age. */
    startedAt: secondsSchema.exactOptional(),
    instanceType: z.string().exactOptional(),
    subnet: z.string().exactOptional(),
    /** The availability zone. */
    zone: z.string().exactOptional(),
    market: marketSchema,
    /** AWS has announced that it will take this instance away. Absent where AWS could not be asked. */
    interrupted: z.boolean().exactOptional(),
  })
  .readonly();
/** What EC2 says of one of our instances now. */
export type Instance = z.infer<typeof instanceSchema>;
