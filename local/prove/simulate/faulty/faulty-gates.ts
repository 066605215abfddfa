/** SSM on a bad day, on its way to builders: a gate moves late, twice or not at all, or nobody hears that it did. */
import type { Gate, Moved } from '../../../../lambdas/hydra/rust/gates.ts';
import type { Clock } from '../../../../lambdas/ports.ts';
import type { Timeline } from '../../../world/timeline.ts';
import type { WorldGates } from '../../../world/ports/world-gates.ts';
import type { Chaos } from '../chaos.ts';

/** So long the function waits for machines that do not answer. */
const WAIT_SECONDS = 20;
/** SSM gives a command up that no agent has taken for this long, and has it run for no longer than 15 s. */
const LATE_SECONDS_MAX = 40;

export interface FaultyGatesParts {
  readonly inner: WorldGates;
  readonly timeline: Timeline;
  readonly chaos: Chaos;
  readonly clock: Clock;
  /** Called whenever gates may just have moved because of us. */
  readonly moved: () => void;
}

const NOTHING: Moved = { moved: new Set(), problems: [] };

export class FaultyGates {
  readonly #parts: FaultyGatesParts;

  constructor(parts: FaultyGatesParts) {
    this.#parts = parts;
  }

  async move(instanceIds: readonly string[], gate: Gate): Promise<Moved> {
    const { chaos, clock, inner, moved } = this.#parts;
    if (instanceIds.length === 0) return NOTHING;
    if (chaos.strikes('command-undelivered')) return this.#inVain();
    if (chaos.strikes('gate-late')) {
      this.#later('gate-late', WAIT_SECONDS, { instanceIds, gate });
      return this.#inVain();
    }
    if (chaos.strikes('command-late'))
      await clock.sleep(chaos.luckOf('command-late').between(1, WAIT_SECONDS));
    const result = await inner.move(instanceIds, gate);
    moved();
    if (chaos.strikes('command-twice'))
      this.#later('command-twice', 0, { instanceIds: [...result.moved], gate });
    if (chaos.strikes('command-reply-lost')) return NOTHING;
    // Of some it was told before the function stopped waiting.
    if (chaos.strikes('command-timed-out')) return { ...result, moved: half(result.moved) };
    return result;
  }

  async #inVain(): Promise<Moved> {
    await this.#parts.clock.sleep(WAIT_SECONDS);
    return NOTHING;
  }

  /** An agent that is slow, or got the command twice, moves the gate whatever was done since. */
  #later(
    name: 'gate-late' | 'command-twice',
    seconds: number,
    { instanceIds, gate }: { readonly instanceIds: readonly string[]; readonly gate: Gate },
  ): void {
    const { chaos, inner, moved, timeline } = this.#parts;
    timeline.after(chaos.luckOf(name).between(seconds, LATE_SECONDS_MAX), () => {
      for (const id of instanceIds) inner.setOnline(id, gate);
      moved();
    });
  }
}

const half = (ids: ReadonlySet<string>): ReadonlySet<string> => new Set([...ids].slice(0, ids.size >> 1));
