/** What may wake the function: the schedule, EC2, the watch on the Hydra host, or a person. Everything else is told what is right. */
import * as z from 'zod';
import { unknownKey } from '../core/config/hints.ts';
import type { Suggest } from '../core/config/problem.ts';
import type { Result } from '../core/reason/result.ts';
import { problemsOf } from '../operate/request.ts';
import type { Mistaken } from '../operate/request.ts';
import { REQUESTS } from '../operate/requests.ts';
import type { AnyRequest } from '../operate/requests.ts';

/** EventBridge Scheduler sends what the stack tells it to; so may a person who wants a tick now. */
const tickSchema = z.strictObject({ tick: z.literal(true), scheduledTime: z.string().optional() });

/** AWS takes a spot machine, two minutes from now. */
const INTERRUPTION = 'EC2 Spot Instance Interruption Warning';

/** EC2 events by EventBridge. They cannot be filtered by tag, so those of strangers arrive as well. */
const ec2Schema = z.object({
  source: z.literal('aws.ec2'),
  'detail-type': z.string(),
  detail: z.object({ 'instance-id': z.string().regex(/^i-[0-9a-f]{8,17}$/) }),
});

/** The watch on the Hydra host has ended well; the rule lets only that through, and nothing of it is believed. */
const ssmSchema = z.object({ source: z.literal('aws.ssm'), 'detail-type': z.string() });

export type WakeEvent =
  | { readonly kind: 'tick'; readonly isScheduled: boolean }
  | { readonly kind: 'ec2'; readonly what: string; readonly instanceId: string; readonly isUrgent: boolean }
  | { readonly kind: 'watch' }
  | { readonly kind: 'request'; readonly request: AnyRequest };

interface AcceptedEvent {
  /** An example that is understood. */
  readonly event: Readonly<Record<string, unknown>>;
  readonly does: string;
}

/** Every event a person may send, with an example and what it does. */
export const ACCEPTED_EVENTS: readonly AcceptedEvent[] = [
  ...REQUESTS.map(({ example, does }) => ({ event: example, does })),
  { event: { tick: true }, does: 'runs a tick now, as the schedule does' },
];

export interface InvalidEvent extends Mistaken {
  /** It names no request, not even with a slip: only an example helps. */
  readonly isAlien?: true;
  readonly accepted: typeof ACCEPTED_EVENTS;
}

type Parsed = Result<WakeEvent, InvalidEvent>;

/** Reads an event. Never throws. @param suggest what may have been meant by an unknown key; without it, no hints. */
export function parseEvent(event: unknown, suggest: Suggest = () => undefined): Parsed {
  if (typeof event !== 'object' || event === null || Array.isArray(event))
    return misunderstood(['the event must be a JSON object']);
  if ('source' in event)
    return event.source === 'aws.ssm' ? parseSsm(event, suggest) : parseEc2(event, suggest);
  if ('tick' in event) {
    const tick = tickSchema.safeParse(event);
    return tick.success
      ? { ok: true, value: { kind: 'tick', isScheduled: tick.data.scheduledTime !== undefined } }
      : misunderstood(problemsOf('tick', tick.error, tickSchema, suggest));
  }
  return parseRequest(Object.entries(event), suggest);
}

export const invalidEvent = (mistaken: Mistaken): InvalidEvent => ({
  ...mistaken,
  accepted: ACCEPTED_EVENTS,
});

function parseEc2(event: object, suggest: Suggest): Parsed {
  const parsed = ec2Schema.safeParse(event);
  if (!parsed.success) return misunderstood(problemsOf('source', parsed.error, ec2Schema, suggest));
  const { detail, 'detail-type': what } = parsed.data;
  const isUrgent = what === INTERRUPTION;
  return { ok: true, value: { kind: 'ec2', what, instanceId: detail['instance-id'], isUrgent } };
}

function parseSsm(event: object, suggest: Suggest): Parsed {
  const parsed = ssmSchema.safeParse(event);
  return parsed.success
    ? { ok: true, value: { kind: 'watch' } }
    : misunderstood(problemsOf('source', parsed.error, ssmSchema, suggest));
}

/** A request is an object with one key: the request's name. */
function parseRequest(entries: readonly (readonly [string, unknown])[], suggest: Suggest): Parsed {
  const names = [...REQUESTS.map(({ name }) => name), 'tick'];
  const first = entries.find(([key]) => names.includes(key));
  const request = REQUESTS.find(({ name }) => name === first?.[0]);
  if (first === undefined || request === undefined) {
    const misspelt = entries.filter(([key]) => suggest(key, names) !== undefined);
    return misspelt.length === 0
      ? misunderstood([`it has none of the keys ${names.join(', ')}`], true)
      : misunderstood(misspelt.map(([key]) => `${key}: ${unknownKey(key, names, suggest)}`));
  }
  const others = entries.filter((entry) => entry !== first);
  if (others.length > 0) {
    const extra = others.map(([key]) => key).join(', ');
    return misunderstood([`${extra}: only "${request.name}" may stand there; its fields go inside it`]);
  }
  const read = request.read(first[1], suggest);
  return read.ok
    ? { ok: true, value: { kind: 'request', request: read.value } }
    : misunderstood(read.problem);
}

function misunderstood(problems: readonly string[], isAlien?: true): Parsed {
  const message = 'this event is not understood; nothing was done';
  const invalid = invalidEvent({ result: 'invalid', message, problems });
  return { ok: false, problem: { ...invalid, ...(isAlien && { isAlien }) } };
}
