/** The watch between ticks: the former one ends when a tick begins, and at its end the tick leaves the next. */
import type { Decided } from '../core/account/account.ts';
import type { Farm, FarmState, Watch } from '../core/model/index.ts';
import { runnerOf } from '../core/life/runner.ts';
import { watchedFor } from '../core/plan/watched.ts';
import type { Watched } from '../core/plan/watched.ts';
import type { Lease } from '../ports.ts';
import { saveWhatIsPossible } from './save.ts';
import type { Tick } from './round.ts';

/** No watch waits for longer, whatever the schedule, in seconds: the document is ended then. */
const SECONDS_MAX = 3600;
/** Longer than until the next scheduled tick, which ends it, in seconds: nobody need wait in vain, or not be there. */
const OVERLAP_SECONDS = 20;
/** How long the watch after one that woke a tick for nothing waits before it looks, in seconds; twice as long each time. */
const FIRST_DELAY_SECONDS = 15;
/** A tick that moves something leaves no watch this shortly before the next one, in seconds. */
const TOO_LATE_SECONDS = 20;
/** More rounds than a tick can have. */
const ROUNDS_MAX = 1000;

/** How the last round of a tick left things. */
export interface Left {
  readonly decided: Decided;
  /** The farm's record as it was saved last. */
  readonly farm: Farm;
  /** There is no use in another round before the next tick. */
  readonly settled: boolean;
  readonly number: number;
}

export class WatchKeeper {
  readonly #tick: Tick;
  #inVain = 0;
  #standing: string | undefined;

  constructor(tick: Tick) {
    this.#tick = tick;
  }

  /** Ends the former watch, and has the report say what it found. Once a tick; never throws. */
  async begin({ farm: { watch } }: FarmState): Promise<void> {
    this.#inVain = watch?.inVain ?? 0;
    this.#standing = watch?.id;
    await this.#end();
  }

  /** Leaves the next one, in place of any that this tick has left already. @throws LeaseLostError */
  async leave(lease: Lease, { decided, farm, settled, number }: Left): Promise<void> {
    const { ports, config, terms, report } = this.#tick;
    await this.#end();
    const now = ports.clock.now();
    const isTooLate = !settled && now + TOO_LATE_SECONDS > (terms.lastDeadline ?? terms.deadline);
    const watched = isTooLate ? undefined : this.#watched(decided);
    if (watched === undefined || ports.watch === undefined) return;
    const isIdle = decided.plan.actions.length === 0 && number === 1 && settled;
    if (!isIdle) this.#inVain = 0;
    else if (terms.isWatch === true) this.#inVain += 1;
    const seconds = Math.min(config.schedulePeriodSeconds + OVERLAP_SECONDS, SECONDS_MAX);
    const delay = this.#inVain === 0 ? 0 : FIRST_DELAY_SECONDS * 2 ** (this.#inVain - 1);
    const left = await ports.watch.leave({
      ...{ watched, seconds, turn: lease.fence * ROUNDS_MAX + Math.min(number, ROUNDS_MAX - 1) },
      delaySeconds: Math.min(delay, seconds),
    });
    if (!left.ok) report.problem('no watch could be left on the Hydra host', left.problem);
    this.#standing = left.ok ? left.value : undefined;
    const memo: Watch = {
      ...{ since: now, until: now + seconds, inVain: this.#inVain },
      ...(left.ok ? { id: left.value } : { problem: { says: left.problem.says } }),
    };
    const nothing = { machines: [], closedMachines: [], launches: [], closedLaunches: [] };
    await saveWhatIsPossible({ ports, lease, report }, { ...nothing, farm: { ...farm, watch: memo } });
  }

  #watched(decided: Decided): Watched | undefined {
    const { config, ports } = this.#tick;
    if (!config.watch || !decided.isCarriedOut) return undefined;
    return watchedFor(ports.dialects[runnerOf(decided.observation)].life, config, decided);
  }

  async #end(): Promise<void> {
    const id = this.#standing;
    if (id === undefined) return;
    this.#standing = undefined;
    const { ports, report } = this.#tick;
    const { found, problem } = (await ports.watch?.end(id)) ?? {};
    if (found !== undefined) report.woken(`the watch on the Hydra host: ${found}`);
    if (problem !== undefined) report.problem('the watch on the Hydra host could not be ended', problem);
  }
}
