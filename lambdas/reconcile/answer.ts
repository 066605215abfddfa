/** From an event to the function's answer: a tick, something a person asks, or nothing at all for strangers' events. */
import type { Config } from '../core/config/config.ts';
import { scaleIn, scaleOut } from '../operate/scale-out.ts';
import type { Recorded } from '../operate/scale-out.ts';
import { farmStatus } from '../operate/status.ts';
import type { FarmStatus } from '../operate/status.ts';
import type { Reporter } from '../ports.ts';
import { parseEvent } from './event.ts';
import type { InvalidEvent, WakeEvent } from './event.ts';
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
  Summary | FarmStatus | InvalidEvent | Ignored | Recorded | (Recorded & { readonly tick: Summary });

/** A scheduled tick ends this long before the next one starts, in seconds. */
const SPARE_SECONDS = 20;

export async function answer(workplace: Workplace, raw: unknown, invocation: Invocation): Promise<Answer> {
  const parsed = parseEvent(raw);
  if ('invalid' in parsed) return parsed.invalid;
  const { event } = parsed;
  const { ports, config } = workplace;
  if ('status' in event) return farmStatus(ports, config);
  if ('scaleOut' in event) {
    const recorded = await scaleOut(ports.store, config, event.scaleOut, ports.clock.now());
    return thenTick(workplace, invocation, recorded);
  }
  if ('scaleIn' in event)
    return thenTick(workplace, invocation, await scaleIn(ports.store, config, event.scaleIn.type));
  if ('source' in event && !(await concernsUs(ports, event))) {
    return { result: 'ignored', message: `${event.detail['instance-id']} is not one of our machines` };
  }
  const seconds = Math.min(config.schedulePeriodSeconds, invocation.remainingSeconds) - SPARE_SECONDS;
  return tick(workplace, invocation, seconds);
}

type Ec2Event = Extract<WakeEvent, { source: 'aws.ec2' }>;

const concernsUs = ({ store }: Ports, event: Ec2Event): Promise<boolean> =>
  store.hasMachine(event.detail['instance-id']);

/** A person waits for the answer, so the tick that follows a request makes one round and leaves the rest to the schedule. */
async function thenTick(
  workplace: Workplace,
  invocation: Invocation,
  recorded: Recorded | InvalidEvent,
): Promise<Answer> {
  if (recorded.result === 'invalid') return recorded;
  const done = await tick(workplace, invocation, 0);
  const when =
    done.result === 'busy' ? 'another tick is at work; the next one acts on it' : 'a tick has acted on it';
  return { ...recorded, message: `${recorded.message}; ${when}`, tick: done };
}

function tick(
  { ports, config, reporter }: Workplace,
  { requestId }: Invocation,
  seconds: number,
): Promise<Summary> {
  return reconcile(ports, config, reporter, { holder: requestId, deadline: ports.clock.now() + seconds });
}
