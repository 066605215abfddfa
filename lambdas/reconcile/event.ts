/** What may wake the function: the schedule, EC2, or a person. One union; everything else is told what is right. */
import * as z from 'zod';

/** EventBridge Scheduler sends what the stack tells it to; so may a person who wants a tick now. */
const tickSchema = z.strictObject({ tick: z.literal(true), scheduledTime: z.string().optional() });

/** EC2 events by EventBridge. They cannot be filtered by tag, so those of strangers arrive as well. */
const ec2Schema = z.object({
  source: z.literal('aws.ec2'),
  'detail-type': z.string(),
  detail: z.object({ 'instance-id': z.string().regex(/^i-[0-9a-f]{8,17}$/) }),
});

const typeName = z.string().min(1).max(500);

const scaleOutSchema = z.strictObject({
  scaleOut: z.strictObject({
    type: typeName,
    count: z.int().min(1).max(10_000),
    minutes: z
      .int()
      .min(1)
      .max(7 * 24 * 60)
      .default(120),
    by: z.string().max(200).optional(),
  }),
});

const scaleInSchema = z.strictObject({ scaleIn: z.strictObject({ type: typeName }) });
const statusSchema = z.strictObject({ status: z.literal(true) });

export const eventSchema = z.union([tickSchema, ec2Schema, scaleOutSchema, scaleInSchema, statusSchema]);

export type WakeEvent = z.output<typeof eventSchema>;
export type ScaleOutRequest = z.output<typeof scaleOutSchema>['scaleOut'];

/** Every event a person may send, with an example and what it does. */
export const ACCEPTED_EVENTS: readonly { readonly event: unknown; readonly does: string }[] = [
  { event: { status: true }, does: 'says how the farm is, and changes nothing' },
  {
    event: { scaleOut: { type: 'x86_64-linux', count: 3, minutes: 120 } },
    does: 'keeps at least 3 machines of the type for 120 minutes (default 120, at most 10080), within the caps',
  },
  { event: { scaleIn: { type: 'x86_64-linux' } }, does: 'ends the manual scale-out of the type' },
  { event: { tick: true }, does: 'runs a tick now, as the schedule does' },
];

export interface InvalidEvent {
  readonly result: 'invalid';
  readonly message: string;
  readonly problems: readonly string[];
  readonly accepted: typeof ACCEPTED_EVENTS;
}

/** Reads an event. Never throws. */
export function parseEvent(
  event: unknown,
): { readonly event: WakeEvent } | { readonly invalid: InvalidEvent } {
  const parsed = eventSchema.safeParse(event);
  if (parsed.success) return { event: parsed.data };
  const problems = problemsOf(event, parsed.error);
  return { invalid: invalidEvent('this event is not understood; nothing was done', problems) };
}

export function invalidEvent(message: string, problems: readonly string[]): InvalidEvent {
  return { result: 'invalid', message, problems, accepted: ACCEPTED_EVENTS };
}

const branches: Readonly<Record<string, z.ZodType>> = {
  scaleOut: scaleOutSchema,
  scaleIn: scaleInSchema,
  status: statusSchema,
  tick: tickSchema,
  source: ec2Schema,
};

/** The problems of the kind of event that was meant, as far as its key tells. */
function problemsOf(event: unknown, error: z.ZodError): readonly string[] {
  const key = Object.keys(branches).find(
    (name) => typeof event === 'object' && event !== null && name in event,
  );
  const meant = key === undefined ? undefined : branches[key]?.safeParse(event);
  if (key === undefined || meant?.success !== false) {
    return [
      `it has none of the keys ${Object.keys(branches).slice(0, 4).join(', ')} (${error.issues.length} problems)`,
    ];
  }
  return meant.error.issues.map(({ path, message }) => `${path.map(String).join('.') || key}: ${message}`);
}
