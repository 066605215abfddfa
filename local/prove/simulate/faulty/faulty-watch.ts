/** The watch on a bad day: never delivered, twice delivered, gone with its agent, or cancelled too late. */
import type { Result } from '../../../../lambdas/core/reason/result.ts';
import type { HostWatch, WatchEnd, WatchTerms } from '../../../../lambdas/ports.ts';
import type { WorldWatch } from '../../../world/ports/world-watch.ts';
import type { Timeline } from '../../../world/timeline.ts';
import type { Watches } from '../../../world/watches.ts';
import type { Chaos } from '../chaos.ts';

/** SSM gives a command up that no agent has taken for this long. */
const DELIVERY_SECONDS = 30;
const LATE_SECONDS_MAX = 60;

export interface FaultyWatchParts {
  readonly inner: WorldWatch;
  readonly watches: Watches;
  readonly timeline: Timeline;
  readonly chaos: Chaos;
  /** Whether the Hydra host can be asked anything. */
  readonly isHostUp: () => boolean;
}

export class FaultyWatch implements HostWatch {
  readonly #parts: FaultyWatchParts;

  constructor(parts: FaultyWatchParts) {
    this.#parts = parts;
  }

  async leave(terms: WatchTerms): Promise<Result<string>> {
    const { inner, chaos, timeline, watches, isHostUp } = this.#parts;
    const left = await inner.leave(terms, isHostUp() && !chaos.strikes('command-undelivered'));
    if (!left.ok) return left;
    if (chaos.strikes('watch-twice'))
      inner.deliver(left.value, chaos.luckOf('watch-twice').between(0, DELIVERY_SECONDS));
    if (chaos.strikes('watch-dies'))
      timeline.after(chaos.luckOf('watch-dies').between(1, terms.seconds), () => {
        watches.kill();
      });
    return chaos.strikes('command-reply-lost')
      ? { ok: false, problem: { says: 'whether the command was sent is not known' } }
      : left;
  }

  async end(id: string): Promise<WatchEnd> {
    const { inner, chaos, timeline } = this.#parts;
    if (inner.hasFound(id) || !chaos.strikes('watch-not-ended')) return inner.end(id);
    timeline.after(chaos.luckOf('watch-not-ended').between(1, LATE_SECONDS_MAX), () => void inner.end(id));
    return {};
  }
}
