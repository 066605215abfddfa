/** From an event to the function's answer: a tick, something a person asks, or nothing at all for strangers' events. */
import { messageOf } from '../core/text/message-of.ts';
import type { Config } from '../core/config/config.ts';
import type { Suggest } from '../core/config/problem.ts';
import type { Floor } from '../core/model/index.ts';
import type { Desk, Mistaken, Recorded } from '../operate/request.ts';
import type { AnyRequest, Reply } from '../operate/requests.ts';
import type { Ports, Reporter } from '../ports.ts';
import { invalidEvent, parseEvent } from './event.ts';
import type { InvalidEvent, WakeEvent } from './event.ts';
import type { TickTerms } from './lease.ts';
import { reconcile } from './reconcile.ts';
import { tickSeconds } from './time-limits.ts';
import type { Summary, TypeSummary } from '../core/account/summary.ts';

/** Everything an answer is worked out with. */
export interface Workplace extends Desk {
  readonly reporter: Reporter;
  /** What people may have meant by a key that no event has; absent where no help is given. */
  readonly suggest?: Suggest;
}

/** One invocation's terms. */
export interface Invocation {
  /** Lambda's name for the event. It may deliver one event twice, and both deliveries bear it. */
  readonly requestId: string;
  /** What no other invocation has, so that two deliveries of one event are two. */
  readonly nonce: string;
  readonly remainingSeconds: number;
}

export interface Ignored {
  readonly result: 'ignored';
  readonly message: string;
}

export type Answer =
  Summary | InvalidEvent | Ignored | Exclude<Reply, Mistaken> | (Recorded & { readonly tick: Summary });

/** What holds the lease, or wrote an entry of the journal. Unique forever; people find the request id in it. */
const nameOf = ({ requestId, nonce }: Invocation): string => `${requestId}#${nonce}`;

/**
 * How long a scheduled tick waits for one at work, in seconds: that one may just end, and everything would else stand still
 * until the next. EventBridge Scheduler is not on the second (AWS: docs/develop/facts.md#eventbridge-scheduler-precision).
 */
const SCHEDULE_PATIENCE_SECONDS = 30;
/** How long the first warning of AWS waits for a tick at work, in seconds: what is left then of its two minutes is of no use. */
const WARNING_PATIENCE_SECONDS = 100;

export async function answer(workplace: Workplace, raw: unknown, invocation: Invocation): Promise<Answer> {
  const parsed = parseEvent(raw, workplace.suggest);
  if (!parsed.ok) return parsed.problem;
  const { value: event } = parsed;
  const { ports } = workplace;
  if (event.kind === 'request') return carryOut(workplace, invocation, event.request);
  if (event.kind === 'ec2' && !(await ports.store.hasMachine(event.instanceId))) {
    return { result: 'ignored', message: `${event.instanceId} is not one of our machines` };
  }
  const patienceSeconds = patienceOf(event);
  return tick(workplace, invocation, {
    ...(patienceSeconds === undefined ? {} : { knocks: { patienceSeconds } }),
    ...(event.kind === 'watch' && { isWatch: true }),
    woken: inWords(event),
  });
}

type Wake = Exclude<WakeEvent, { readonly kind: 'request' }>;

function inWords(event: Wake): string {
  switch (event.kind) {
    case 'tick':
      return event.isScheduled ? 'the schedule' : 'somebody who asked for a tick';
    case 'ec2':
      return `${event.what} of ${event.instanceId}`;
    case 'watch':
      return 'the watch on the Hydra host';
  }
}

/** How long, in seconds, a tick that this woke waits for another; undefined where it goes home without a word. */
function patienceOf(event: Wake): number | undefined {
  switch (event.kind) {
    case 'tick':
      return SCHEDULE_PATIENCE_SECONDS;
    case 'watch':
      // The tick that left it may be about to end, and has not seen what it found.
      return 0;
    case 'ec2':
      return event.isUrgent ? WARNING_PATIENCE_SECONDS : undefined;
  }
}

async function carryOut(workplace: Workplace, invocation: Invocation, request: AnyRequest): Promise<Answer> {
  const reply = await request.carryOut(workplace);
  if (reply.result === 'invalid') return invalidEvent(reply);
  if (reply.result !== 'recorded') return reply;
  await note(workplace.ports, invocation, request, reply);
  return request.wakes ? thenTick(workplace, invocation, reply) : reply;
}

/** What people change is in the journal beside what the ticks made of it. */
async function note(
  { journal, clock }: Ports,
  invocation: Invocation,
  { name, body }: AnyRequest,
  { message }: Recorded,
): Promise<void> {
  const given = typeof body === 'object' && body !== null && 'by' in body ? { by: String(body.by) } : {};
  await journal?.append({
    kind: 'request',
    id: nameOf(invocation),
    at: clock.now(),
    request: name,
    body,
    ...given,
    message,
  });
}

/** How long, in seconds, the tick after an order may go on where only looks are missing until a machine can go. */
const ORDER_PATIENCE_SECONDS = 120;

/**
 * A person waits for the answer, so the tick that follows a request makes one round, one more for each knock
 * meanwhile, and a few while a machine that was sent away only waits to be seen quiet; it leaves the rest to the schedule.
 */
async function thenTick(workplace: Workplace, invocation: Invocation, recorded: Recorded): Promise<Answer> {
  let done: Summary;
  try {
    done = await tick(workplace, invocation, {
      deadline: workplace.ports.clock.now(),
      awaitedSeconds: ORDER_PATIENCE_SECONDS,
      knocks: { patienceSeconds: 0 },
      woken: 'an order',
    });
  } catch (error) {
    const reason = messageOf(error);
    workplace.reporter.problem('the tick that followed an order failed', { says: reason });
    const failed = `the tick that followed failed: ${reason}; the next one acts on it`;
    return { ...recorded, message: `recorded: ${recorded.message}; ${failed}` };
  }
  const when = whatFollowed(workplace.config, recorded, done);
  return { ...recorded, message: `${recorded.message}; ${when}`, tick: done };
}

function whatFollowed({ schedulePeriodSeconds }: Config, { floor }: Recorded, tick: Summary): string {
  const { result, message, types } = tick;
  switch (result) {
    case 'done': {
      const ofType = types.find(({ type }) => type === floor?.type);
      return floor === undefined || ofType === undefined
        ? 'a tick has acted on it'
        : whatItGot(floor, ofType, tick.problems);
    }
    case 'busy':
    case 'superseded':
      return `another tick is at work: it acts on it in its next round, or else the next tick does in at most ${Math.ceil(schedulePeriodSeconds / 60)} min`;
    case 'observed':
    case 'refused':
      return `but the tick that followed did not act: ${message}`;
  }
}

/** Of a scale-out by hand: what there is of it after the tick, and where that is less, what the tick said of it. */
function whatItGot(
  { count }: Floor,
  { machines, verdict, reason }: TypeSummary,
  problems: readonly string[],
): string {
  const { ready = 0, booting = 0, requested = 0 } = machines;
  const has =
    Object.entries(machines)
      .map(([phase, number]) => `${number} ${phase}`)
      .join(', ') || 'no machine';
  if (ready + booting + requested >= count) return `a tick has acted on it (${verdict}): ${has} now`;
  const why = problems.length === 0 ? reason : 'the problems of that tick say why';
  return `a tick has looked at it (${verdict}), and there is ${has} now: ${why}`;
}

function tick(
  { ports, config, reporter }: Workplace,
  invocation: Invocation,
  terms: Partial<TickTerms>,
): Promise<Summary> {
  const lastDeadline =
    ports.clock.now() + tickSeconds(config.schedulePeriodSeconds, invocation.remainingSeconds);
  const holder = nameOf(invocation);
  return reconcile(ports, config, reporter, { holder, deadline: lastDeadline, lastDeadline, ...terms });
}
