/** Plays candidates of all machine types at once, a run for the next one of each. */
import type { Written } from '../bench/policy/settings.ts';
import { onThreads } from '../threads.ts';
import { besides, dialled, todayOf } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import { BEST_MAX, bestOf, todayIn, unique } from './choose.ts';
import { playedFarm } from './farm.ts';
import type { Farm } from './farm.ts';
import type { Span } from './history.ts';
import { kneeOf } from './knee.ts';
import { putRight, rowOf } from './row.ts';
import type { AdviceRow, Prices } from './row.ts';
import type { FarmRun, FarmScores } from './run.ts';

export interface TrialOptions {
  readonly farm: Farm;
  readonly prices: Prices;
  readonly bootSeconds: number;
  readonly threads: number;
  /** Told of every run, with how many there will be at most. */
  readonly finished: (done: number, of: number) => void;
}

/** By machine type; a run plays the next of each, and today's where a type has no more. */
type Lists = ReadonlyMap<string, readonly Candidate[]>;

/** By machine type. */
export type Rows = ReadonlyMap<string, readonly AdviceRow[]>;

export class Trials {
  readonly #options: TrialOptions;
  readonly #keys: readonly string[];
  readonly violations: string[] = [];
  #done = 0;
  #planned = 0;

  constructor(options: TrialOptions, keys: readonly string[]) {
    this.#options = options;
    this.#keys = keys;
  }

  /** Everything there is, each type beside its own best step of the dial. */
  async tried(span: Span): Promise<Rows> {
    const dial = this.#lists((type) => unique([todayOf(type), ...dialled(type)]));
    this.#planned = longest(dial) + 4 + BEST_MAX;
    const first = await this.#play(dial, span);
    const more = this.#lists((type, key) => {
      const own = first.get(key) ?? [];
      return unique(
        besides(type, kneeOf(own).candidate),
        own.map(({ candidate }) => candidate),
      );
    });
    return joined(first, await this.#play(more, span));
  }

  /** The best on more days, and the others put right by how much those differ. */
  async refined(rough: Rows, span: Span): Promise<Rows> {
    const best = this.#lists((_type, key) => bestOf(rough.get(key) ?? []));
    this.#planned = this.#done + longest(best);
    const fine = await this.#play(best, span);
    return new Map(
      this.#keys.map((key) => {
        const [own, old] = [fine.get(key) ?? [], rough.get(key) ?? []];
        const [few, more] = [todayIn(old), todayIn(own)];
        const names = new Set(own.map(({ candidate }) => candidate.name));
        const others = old.filter(({ candidate }) => !names.has(candidate.name));
        return [key, [...own, ...others.map((row) => putRight(row, few, more))]];
      }),
    );
  }

  #lists(of: (type: Written, key: string) => readonly Candidate[]): Lists {
    const { types } = this.#options.farm;
    return new Map(this.#keys.map((key) => [key, of(types[key] ?? {}, key)]));
  }

  async #play(lists: Lists, { workload, days }: Span): Promise<Rows> {
    const { farm, bootSeconds, threads, prices, finished } = this.#options;
    const rows = new Map<string, AdviceRow[]>(this.#keys.map((key) => [key, []]));
    let index = 0;
    await onThreads<FarmRun, FarmScores>({
      worker: new URL('./worker.ts', import.meta.url),
      tasks: Array.from({ length: longest(lists) }, (_, number) => ({
        ...{ name: `setting ${number + 1}`, workload, bootSeconds },
        farm: playedFarm(farm, typesOf(farm, lists, number)),
      })),
      threads,
      nameOf: ({ name }) => name,
      finished: ({ types, violations }) => {
        for (const [key, list] of lists) {
          const [candidate, score] = [list[index], types.get(key)];
          if (candidate === undefined || score === undefined) continue;
          rows.get(key)?.push(rowOf({ key, candidate, today: farm.types[key] ?? {}, score, days }, prices));
        }
        this.violations.push(...violations);
        index += 1;
        finished((this.#done += 1), this.#planned);
      },
    });
    return rows;
  }
}

const longest = (lists: Lists): number => Math.max(...[...lists.values()].map(({ length }) => length));

const typesOf = ({ types }: Farm, lists: Lists, number: number): ReadonlyMap<string, Written> =>
  new Map(Object.entries(types).map(([key, type]) => [key, lists.get(key)?.[number]?.type ?? type]));

const joined = (first: Rows, second: Rows): Rows =>
  new Map([...first].map(([key, rows]) => [key, [...rows, ...(second.get(key) ?? [])]]));
