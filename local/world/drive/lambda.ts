/** Lambda as far as we use it: the schedule and EC2's events invoke the function, each on its own. */
import type { Answer } from '../../../lambdas/reconcile/answer.ts';
import { timeoutSeconds } from '../../../lambdas/reconcile/time-limits.ts';
import type { RegionEvent } from '../region/observers.ts';
import type { Timeline } from '../timeline.ts';
import { WATCH_DOCUMENT } from '../watches.ts';
import type { Activity } from './activity.ts';

/** Invokes the function once. */
export type Invoke = (event: unknown, requestId: string, remainingSeconds: () => number) => Promise<Answer>;

/** How one invocation went. */
export interface Invocation {
  readonly event: unknown;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly answer?: Answer;
  readonly error?: unknown;
}

/** What the caller of Invoke gets to know. */
export const outcomeOf = ({
  answer,
  error,
}: Invocation): { readonly answer: Answer } | { readonly error: unknown } =>
  answer === undefined ? { error } : { answer };

/** What the function answered. @throws what it threw. */
export function answerOf({ answer, error }: Invocation): Answer {
  if (answer === undefined) throw error;
  return answer;
}

/** The event rules let pass all of EC2's events, and of SSM's that a watch has found something. */
const isMatched = ({ source, detail }: RegionEvent): boolean =>
  source === 'aws.ec2' || (detail['document-name'] === WATCH_DOCUMENT && detail['status'] === 'Success');

export interface LambdaOptions {
  readonly timeline: Timeline;
  readonly activity: Activity;
  readonly invoke: Invoke;
  /** Between scheduled ticks, in seconds. */
  readonly periodSeconds: number;
}

export class Lambda {
  readonly #options: LambdaOptions;
  readonly #ended: ((invocation: Invocation) => void)[] = [];
  #invocations = 0;
  #stopped = false;

  constructor(options: LambdaOptions) {
    this.#options = options;
  }

  /** From now on `ended` is told of every invocation's end. */
  onEnd(ended: (invocation: Invocation) => void): void {
    this.#ended.push(ended);
  }

  /** Invocations so far. */
  get invocations(): number {
    return this.#invocations;
  }

  /** Starts the schedule: the first tick is now, as with EventBridge Scheduler's `rate()`. */
  startSchedule(): void {
    const { timeline, periodSeconds } = this.#options;
    if (this.#stopped) return;
    void this.invoke({ tick: true });
    timeline.after(periodSeconds, () => {
      this.startSchedule();
    });
  }

  /** From now on no new invocation starts. */
  stop(): void {
    this.#stopped = true;
  }

  /** Hands an event of the region to the function, as the event rules do. */
  deliver(event: RegionEvent): void {
    if (!this.#stopped && isMatched(event)) void this.invoke(event);
  }

  /**
   * Invokes the function; never throws. Its clock must be the timeline's.
   * @param requestId a new one when absent; Lambda delivers an asynchronous event again under the same one.
   */
  async invoke(event: unknown, requestId?: string): Promise<Invocation> {
    const { timeline, activity, invoke, periodSeconds } = this.#options;
    this.#invocations += 1;
    const startedAt = timeline.now;
    const id = requestId ?? `invocation-${this.#invocations}`;
    const remaining = (): number => startedAt + timeoutSeconds(periodSeconds) - timeline.now;
    const invocation = await activity.during(async (): Promise<Invocation> => {
      try {
        const answer = await invoke(event, id, remaining);
        return { event, startedAt, endedAt: timeline.now, answer };
      } catch (error) {
        return { event, startedAt, endedAt: timeline.now, error };
      }
    });
    for (const ended of this.#ended) ended(invocation);
    return invocation;
  }
}
