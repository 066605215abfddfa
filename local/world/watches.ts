/** Watches on the simulated host, in virtual time: they look as the document does, and one alone at a time. */
import type { EpochSeconds } from '../../lambdas/core/model/index.ts';
import type { Evaluations } from './hydra/evaluations.ts';
import { evaluatingIn, foundIn } from './watch-look.ts';
import type { Sought } from './watch-look.ts';
import type { Ledger } from './ledger.ts';
import type { CppHydra } from './queue-runner/cpp-hydra.ts';
import type { RustHydra } from './rust-runner/rust-hydra.ts';
import type { Timeline } from './timeline.ts';

/** What the stack calls the document. */
export const WATCH_DOCUMENT = 'hydra-autoscaler-watch';
/** Between two looks, as in the document. */
const PAUSE_SECONDS = 5;
/** After the last change of anything the queue runner may take so long to know, and to show it. */
const STILL_SECONDS = 40;
/** A look is played so often all the same, for what the queue runner does by itself: it restarts, or tries a step again. */
const PLAYED_SECONDS = 60;

/** The world, as far as a watch has to do with it. */
interface Surroundings {
  readonly timeline: Timeline;
  readonly ledger: Ledger;
  readonly hydra: CppHydra | RustHydra;
  readonly evaluations: Evaluations;
}

export interface WatchRun {
  readonly sought: Sought;
  readonly turn: number;
  readonly seconds: number;
  readonly delaySeconds: number;
}

/** Told once how a watch has ended: with the line it found, or without. It is not told of one that was killed. */
export type WatchEnded = (found: string | undefined) => void;

interface Watching extends WatchRun {
  readonly endsAt: EpochSeconds;
  readonly ended: WatchEnded;
}

export class Watches {
  readonly #world: Surroundings;
  #current: Watching | undefined;
  #turn = 0;
  #stirred = { at: 0, what: '' };
  #playedAt = 0;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** Begins; a watch that is there already ends, and so does this one where it is not the later. Returns its killer. */
  start(run: WatchRun, ended: WatchEnded): () => void {
    const watching = { ...run, ended, endsAt: this.#world.timeline.now + run.seconds };
    if (run.turn < this.#turn) {
      ended(undefined);
      return () => undefined;
    }
    this.#turn = run.turn;
    this.#current?.ended(undefined);
    this.#current = watching;
    this.#lookLater(watching, run.delaySeconds);
    return () => {
      if (this.#current === watching) this.#current = undefined;
    };
  }

  /** The host is gone, with what looks there. */
  kill(): void {
    this.#current = undefined;
  }

  #lookLater(watching: Watching, seconds: number): void {
    this.#world.timeline.after(seconds, () => {
      if (this.#current === watching) this.#look(watching);
    });
  }

  #look(watching: Watching): void {
    const news = this.#stirs() ? this.#find(watching.sought) : undefined;
    const found = news ?? this.#evaluating(watching.sought);
    if (found === undefined && this.#world.timeline.now + PAUSE_SECONDS < watching.endsAt) {
      this.#lookLater(watching, PAUSE_SECONDS);
      return;
    }
    this.#current = undefined;
    watching.ended(found);
  }

  /** Whether anything may have happened: else a look finds what the one before found, and need not be played. */
  #stirs(): boolean {
    const { ledger, timeline } = this.#world;
    const what = JSON.stringify([ledger.queued, ledger.running, ledger.unfinished, ledger.lost.length]);
    if (what !== this.#stirred.what) this.#stirred = { at: timeline.now, what };
    const { now } = timeline;
    if (now - this.#stirred.at > STILL_SECONDS && now - this.#playedAt < PLAYED_SECONDS) return false;
    this.#playedAt = now;
    return true;
  }

  #evaluating(sought: Sought): string | undefined {
    const { hydra, evaluations, timeline } = this.#world;
    const { reachable } = hydra.runner.database;
    return evaluatingIn(sought, reachable ? evaluations.notice(timeline.now) : undefined, timeline.now);
  }

  #find(sought: Sought): string | undefined {
    const { hydra } = this.#world;
    if (hydra.kind !== sought.runner) return undefined;
    if (hydra.kind === 'rust') {
      const status = hydra.runner.status();
      return status.kind === 'answered' ? foundIn(sought, status.text) : undefined;
    }
    const { exit, stdout } = hydra.runner.status();
    return exit === 0 ? foundIn(sought, stdout) : undefined;
  }
}
