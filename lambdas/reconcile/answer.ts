/** From an event to the function's answer: a tick, something a person asks, or nothing at all for strangers' events. */
import type { Config } from '../core/config/config.ts';
import { isMistaken } from '../operate/fields.ts';
import type { Mistaken, Recorded, Reply, Understood } from '../operate/request.ts';
import type { Reporter } from '../ports.ts';
import { invalidEvent, parseEvent } from './event.ts';
import type { InvalidEvent } from './event.ts';
import type { Ports } from './observe.ts';
import { reconcile } from './reconcile.ts';
import type { Summary } from './summary.ts';

/** Everything an answer is worked out with. */
export interface Workplace {
  readonly config: Config;
  readonly ports: Ports;
  readonly reporter: Reporter;
}

/** One invocation's terms. */
export interface Invocation {
  /** Unique for ever: the lease's holder. */
  readonly requestId: string;
  readonly remainingSeconds: number;
}

export interface Ignored {
  readonly result: 'ignored';
  readonly message: string;
}

export type Answer =
  Summary | InvalidEvent | Ignored | Exclude<Reply, Mistaken> | (Recorded & { readonly tick: Summary });

/** A scheduled tick ends this long before the next one starts, in seconds. */
const SPARE_SECONDS = 20;

export async function answer(workplace: Workplace, raw: unknown, invocation: Invocation): Promise<Answer> {
  const parsed = parseEvent(raw);
  if ('invalid' in parsed) return parsed.invalid;
  const { event } = parsed;
  const { ports, config } = workplace;
  if (event.kind === 'request') return carryOut(workplace, invocation, event.request);
  if (event.kind === 'ec2' && !(await ports.store.hasMachine(event.instanceId))) {
    return { result: 'ignored', message: `${event.instanceId} is not one of our machines` };
  }
  const seconds = Math.min(config.schedulePeriodSeconds, invocation.remainingSeconds) - SPARE_SECONDS;
  return tick(workplace, invocation, seconds);
}

async function carryOut(workplace: Workplace, invocation: Invocation, request: Understood): Promise<Answer> {
  const reply = await request.carryOut(workplace);
  if (isMistaken(reply)) return invalidEvent(reply);
  if (reply.result !== 'recorded') return reply;
  await note(workplace.ports, invocation, request, reply);
  return request.wakes ? thenTick(workplace, invocation, reply) : reply;
}

/** What people change is in the journal beside what the ticks made of it. */
async function note(
  { journal, clock }: Ports,
  { requestId }: Invocation,
  { name, body }: Understood,
  { message }: Recorded,
): Promise<void> {
  const given = typeof body === 'object' && body !== null && 'by' in body ? { by: String(body.by) } : {};
  await journal?.append({
    kind: 'request',
    id: requestId,
    at: clock.now(),
    request: name,
    body,
    ...given,
    message,
  });
}

/** A person waits for the answer, so the tick that follows a request makes one round and leaves the rest to the schedule. */
async function thenTick(workplace: Workplace, invocation: Invocation, recorded: Recorded): Promise<Answer> {
  const done = await tick(workplace, invocation, 0);
  const when = whatFollowed(workplace.config, done);
  return { ...recorded, message: `${recorded.message}; ${when}`, tick: done };
}

function whatFollowed({ schedulePeriodSeconds }: Config, { result, message }: Summary): string {
  switch (result) {
    case 'done':
      return 'a tick has acted on it';
    case 'busy':
    case 'superseded':
      return `another tick is at work: its next round acts on it, or the next tick in at most ${Math.ceil(schedulePeriodSeconds / 60)} min`;
    case 'observed':
    case 'refused':
      return `but the tick that followed did not act: ${message}`;
  }
}

function tick(
  { ports, config, reporter }: Workplace,
  { requestId }: Invocation,
  seconds: number,
): Promise<Summary> {
  return reconcile(ports, config, reporter, { holder: requestId, deadline: ports.clock.now() + seconds });
}
