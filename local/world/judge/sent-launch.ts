/** What a CreateFleet call asked for: a launch as the plan has it, or the request as it goes over the wire. */
import * as z from 'zod';
import { TYPE_TAG, typeFromTagValue } from '../../../lambdas/aws/ec2/tags.ts';

export interface SentLaunch {
  readonly id: string;
  /** The machine type's key; empty when it names none. */
  readonly type: string;
  readonly count: number;
}

const plannedSchema = z.object({ id: z.string(), type: z.string().default(''), count: z.number() });
const requestSchema = z.object({
  ClientToken: z.string(),
  TargetCapacitySpecification: z.object({ TotalTargetCapacity: z.number() }),
  /** What is only tried is not a launch. */
  DryRun: z.literal(false).optional(),
  TagSpecifications: z.array(z.object({ Tags: z.array(z.object({ Key: z.string(), Value: z.string() })) })),
});

/** Undefined for the input of another call. */
export function sentLaunch(input: unknown): SentLaunch | undefined {
  const planned = plannedSchema.safeParse(input);
  if (planned.success) return planned.data;
  const request = requestSchema.safeParse(input);
  if (!request.success) return undefined;
  const { ClientToken: id, TargetCapacitySpecification: target, TagSpecifications } = request.data;
  const tags = TagSpecifications.flatMap(({ Tags }) => Tags);
  const type = typeFromTagValue(tags.find(({ Key }) => Key === TYPE_TAG)?.Value ?? '');
  return { id, type, count: target.TotalTargetCapacity };
}
