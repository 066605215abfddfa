/** Decides what goes wrong and when, and counts it. Each kind draws from its own luck, so one switched off moves no other. */
import { Random } from '../../world/random.ts';
import { ALL_NAMES, FAULT_KINDS } from './fault-kinds.ts';
import type { FaultName } from './fault-kinds.ts';

export interface ChaosOptions {
  readonly seed: number;
  /** Kinds that may strike at all. */
  readonly enabled: ReadonlySet<FaultName>;
  /** Told of every fault that strikes. */
  readonly struck?: (name: FaultName, detail: string) => void;
}

export class Chaos {
  /** Faults so far, by kind, or `kind:detail` where a detail names an AWS error. */
  readonly counts: Record<string, number> = {};
  readonly #options: ChaosOptions;
  readonly #luck: ReadonlyMap<FaultName, Random>;
  /** How much more often than usual each kind strikes now; absent while it does not. */
  #raging: ReadonlyMap<FaultName, number> = new Map();

  constructor(options: ChaosOptions) {
    this.#options = options;
    const mix = (index: number): number =>
      Math.imul(options.seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b);
    this.#luck = new Map(ALL_NAMES.map((name, index) => [name, new Random(mix(index))]));
  }

  /** Kinds that may strike at all. */
  get enabled(): ReadonlySet<FaultName> {
    return this.#options.enabled;
  }

  get isRaging(): boolean {
    return this.#raging.size > 0;
  }

  /** From now on these kinds strike, each so many times as often as usual. */
  rage(kinds: ReadonlyMap<FaultName, number>): void {
    this.#raging = new Map([...kinds].filter(([name]) => this.#options.enabled.has(name)));
  }

  /** From now on nothing strikes. */
  calm(): void {
    this.#raging = new Map();
  }

  /** The luck of one kind, for everything about it that is drawn. */
  luckOf(name: FaultName): Random {
    const luck = this.#luck.get(name);
    if (luck === undefined) throw new RangeError(`unknown fault kind ${name}`);
    return luck;
  }

  /** Draws once; counts when it strikes. */
  strikes(name: FaultName): boolean {
    const intensity = this.#raging.get(name);
    if (intensity === undefined) return false;
    const isHit = this.luckOf(name).chance(Math.min(0.9, FAULT_KINDS[name].rate * intensity));
    if (isHit) this.count(name);
    return isHit;
  }

  /** Seconds until the next one of a kind that strikes by the hour; undefined while it does not rage. */
  nextIn(name: FaultName): number | undefined {
    const intensity = this.#raging.get(name);
    if (intensity === undefined) return undefined;
    return (-Math.log(1 - this.luckOf(name).next()) * 3600) / (FAULT_KINDS[name].rate * intensity);
  }

  count(name: FaultName, detail = ''): void {
    const key = detail === '' ? name : `${name}:${detail}`;
    this.counts[key] = (this.counts[key] ?? 0) + 1;
    this.#options.struck?.(name, detail);
  }
}
