/** Evaluations of jobsets as Hydra's database has them: a begin, an end, and what each brought. */
import type { EpochSeconds, Evaluation, Harvest, Notice } from '../../../lambdas/core/model/index.ts';
import type { Timeline } from '../timeline.ts';

/** As the document asks for them. */
const ENDED_SECONDS = 120;
const JOBSETS_MAX = 8;
const HARVESTS_MAX = 3;

/** What an evaluation brings, by kind. */
export type Brought = Harvest['kinds'];

interface Known {
  since?: EpochSeconds;
  endedAt?: EpochSeconds;
  harvests: readonly Harvest[];
}

export class Evaluations {
  readonly #timeline: Timeline;
  readonly #jobsets = new Map<string, Known>();

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  /** Names of jobsets that were evaluated at some time. */
  get jobsets(): readonly string[] {
    return [...this.#jobsets.keys()];
  }

  /** Whether one begins; a jobset that is being evaluated is not evaluated twice at once. */
  begin(jobset: string): boolean {
    const known = this.#known(jobset);
    if (known.since !== undefined) return false;
    known.since = Math.floor(this.#timeline.now);
    return true;
  }

  /** It ends, well or not. @param brought none of it, where nothing is new or it has crashed. */
  end(jobset: string, brought: Brought = []): void {
    const known = this.#known(jobset);
    const now = Math.floor(this.#timeline.now);
    const harvest = { at: now, seconds: now - (known.since ?? now), kinds: brought };
    if (brought.length > 0) this.remember(jobset, harvest);
    delete known.since;
    known.endedAt = now;
  }

  /** What an evaluation has brought that nobody saw run, in order of time. */
  remember(jobset: string, harvest: Harvest): void {
    const known = this.#known(jobset);
    known.harvests = [harvest, ...known.harvests].slice(0, HARVESTS_MAX);
  }

  #known(jobset: string): Known {
    const known = this.#jobsets.get(jobset) ?? { harvests: [] };
    this.#jobsets.set(jobset, known);
    return known;
  }

  /** What is told of them by a host whose clock says `hostNow`; undefined where there is nothing to tell. */
  notice(hostNow: EpochSeconds): Notice | undefined {
    const { now } = this.#timeline;
    const shift = Math.round(hostNow - now);
    const told = [...this.#jobsets]
      .filter(([, { since, endedAt = -Infinity }]) => since !== undefined || now - endedAt < ENDED_SECONDS)
      .toSorted(([, a], [, b]) => (b.since ?? 0) - (a.since ?? 0))
      .slice(0, JOBSETS_MAX);
    if (told.length === 0) return undefined;
    return {
      at: Math.floor(hostNow),
      evaluations: told.map(([jobset, known]) => evaluationOf(jobset, known, shift)),
    };
  }
}

const evaluationOf = (jobset: string, { since, endedAt, harvests }: Known, shift: number): Evaluation => ({
  jobset,
  ...(since === undefined ? {} : { since: since + shift }),
  ...(endedAt === undefined ? {} : { endedAt: endedAt + shift }),
  harvests: harvests.map((harvest) => ({ ...harvest, at: harvest.at + shift })),
});

/** The lines that a look prints of them. */
export const printedNotice = (notice: Notice | undefined): readonly string[] =>
  (notice?.evaluations ?? []).flatMap(({ jobset, since, endedAt, harvests }) => [
    `evaluation ${jobset} ${since ?? '-'} ${endedAt ?? '-'}`,
    ...harvests.map(({ at, seconds, kinds }) =>
      [
        `harvest ${jobset} ${at} ${seconds}`,
        ...kinds.map(({ system, features, builds }) => `${kindName(system, features)} ${builds}`),
      ].join(' '),
    ),
  ]);

const kindName = (system: string, features: readonly string[]): string =>
  [system, features.join()].filter((part) => part !== '').join(':');
