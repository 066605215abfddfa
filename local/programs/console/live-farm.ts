/** The farm as it is now, asked for while somebody looks, and told to all who do. */
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import type { FarmStatus } from '../../../lambdas/operate/status.ts';
import type { Target } from '../operate/target.ts';
import { TargetError } from '../operate/target.ts';
import { FarmWatch } from '../show/farm-watch.ts';
import type { DecisionLine } from '../show/live-parts.ts';

/** What the page shows of now. */
export interface News {
  /** Epoch seconds at which it was answered; absent, like `status`, until the farm has answered. */
  readonly at?: number;
  readonly status?: FarmStatus;
  /** What the next tick would send to EC2, each with its reason. */
  readonly actions: readonly string[];
  /** The latest last. */
  readonly changes: readonly DecisionLine[];
  /** Why there is no newer status; absent while there is. */
  readonly trouble?: string;
}

export interface LiveFarmOptions {
  readonly ask: Target;
  /** Time between an answer and the next question. */
  readonly pause: () => Promise<void>;
  /** Epoch seconds. */
  readonly now: () => number;
}

type Listener = (news: News) => void;

const NOTHING_TO_DO = /has nothing to do$/;

export class LiveFarm {
  readonly #options: LiveFarmOptions;
  readonly #watch = new FarmWatch();
  readonly #listeners = new Set<Listener>();
  #news: News = { actions: [], changes: [] };
  #isAsking = false;

  constructor(options: LiveFarmOptions) {
    this.#options = options;
  }

  get news(): News {
    return this.#news;
  }

  /** Tells what is known and then what is new, until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    listener(this.#news);
    void this.#askOn();
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Asks once more, such as after an order. Never throws. */
  async refresh(): Promise<void> {
    try {
      const status = await this.#status();
      this.#watch.take(status, this.#options.now());
      const actions = await this.#actionsOf(status);
      const { at = 0, changes = [] } = this.#watch.state ?? {};
      this.#news = { at, status, actions, changes };
    } catch (error) {
      // The page stays as it is, and says since when.
      this.#news = { ...this.#news, trouble: messageOf(error) };
    }
    for (const listener of this.#listeners) listener(this.#news);
  }

  /** Nobody is asked for nobody: each question is an invocation and a look at the Hydra host. */
  async #askOn(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (this.#listeners.size > 0) {
      await this.refresh();
      await this.#options.pause();
    }
    this.#isAsking = false;
  }

  async #status(): Promise<FarmStatus> {
    const answer = await this.#options.ask({ status: true });
    if (answer.result === 'status') return answer;
    throw new TargetError(`this is no status: ${answer.message}`);
  }

  /** The status counts them; their reasons are the plan's. */
  async #actionsOf({ message }: FarmStatus): Promise<readonly string[]> {
    if (NOTHING_TO_DO.test(message)) return [];
    const plan = await this.#options.ask({ plan: true });
    return plan.result === 'plan' ? plan.actions : [];
  }
}
