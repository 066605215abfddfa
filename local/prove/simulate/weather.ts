/** Storms and calms: in a storm some kinds of fault strike, in between the world heals and the farm must recover. */
import { FAULT_KINDS, ORDER_NAMES, besidesOf, stormNamesOf } from './fault-kinds.ts';
import type { FaultName } from './fault-kinds.ts';
import { Random } from '../../world/random.ts';
import { defaultSettings } from '../../world/region/settings.ts';
import type { Cancel } from '../../world/timeline.ts';
import { awsDisturbances } from './disturbances/aws.ts';
import type { Disturbance, Heal } from './disturbances/disturbance.ts';
import { evaluationDisturbances } from './disturbances/evaluations.ts';
import { hydraDisturbances } from './disturbances/hydra.ts';
import { handMadeDisturbances } from './disturbances/made-by-hand.ts';
import { peopleDisturbances } from './disturbances/people.ts';
import { rustDisturbances } from './disturbances/rust.ts';
import { regionDisturbances } from './disturbances/region.ts';
import type { WrittenFarm } from './written-farm.ts';
import type { FaultyStage } from './faulty-stage.ts';

const MINUTE = 60;
const HOUR = 3600;
const WARM_UP_SECONDS = 20 * MINUTE;
const STORM_SECONDS: readonly [number, number] = [20 * MINUTE, 2 * HOUR];
const CALM_SECONDS: readonly [number, number] = [50 * MINUTE, 3 * HOUR];
/** Part of the kinds that rage in a mixed storm. */
const MIXED_PART = 0.3;

/** With so few kinds, all of them rage in every storm. */
const FEW = 2;

const DISTURBANCES: readonly Disturbance[] = [
  ...regionDisturbances,
  ...hydraDisturbances,
  ...evaluationDisturbances,
  ...peopleDisturbances,
  ...handMadeDisturbances,
  ...awsDisturbances,
  ...rustDisturbances,
];

export interface WeatherOptions {
  readonly stage: FaultyStage;
  readonly seed: number;
  readonly written: WrittenFarm;
  /** No storm begins after this instant, and one that rages ends. */
  readonly until: number;
  /** Told when the faults have stopped and the world is whole again. */
  readonly cleared: () => void;
}

export class Weather {
  readonly #options: WeatherOptions;
  readonly #random: Random;
  readonly #heals = new Set<Heal>();
  #coming: Cancel[] = [];

  constructor(options: WeatherOptions) {
    this.#options = options;
    this.#random = new Random(Math.imul(options.seed + 3, 0x165667b1));
    this.#watchBoots();
  }

  start(): void {
    this.#options.stage.world.timeline.after(WARM_UP_SECONDS, () => {
      this.#storm();
    });
  }

  #storm(): void {
    const { stage, until } = this.#options;
    const { timeline } = stage.world;
    if (timeline.now >= until) return;
    stage.chaos.rage(this.#kinds());
    for (const disturbance of DISTURBANCES) this.#expect(disturbance);
    const end = Math.min(until, timeline.now + this.#random.between(...STORM_SECONDS));
    timeline.schedule(end, () => {
      this.#clear();
    });
  }

  /** Either a few kinds at full strength, or many at a usual one. */
  #kinds(): ReadonlyMap<FaultName, number> {
    const random = this.#random;
    const { enabled } = this.#options.stage.chaos;
    const storms = stormNamesOf(this.#options.stage.world.hydra.kind);
    const few = random.chance(0.35) || enabled.size <= FEW;
    const picked =
      enabled.size <= FEW
        ? [...enabled].filter((name) => !ORDER_NAMES.includes(name))
        : few
          ? [random.pick(storms), random.pick(storms)]
          : storms.filter(() => random.chance(MIXED_PART));
    return new Map(
      picked.flatMap((name) => {
        const intensity = few ? 4 : random.pick([0.5, 1, 1, 2]);
        return [name, ...besidesOf(name)].map((kind): [FaultName, number] => [kind, intensity]);
      }),
    );
  }

  #clear(): void {
    const { stage, until, cleared } = this.#options;
    const { timeline } = stage.world;
    stage.chaos.calm();
    for (const cancel of this.#coming) cancel();
    this.#coming = [];
    for (const heal of [...this.#heals]) heal();
    this.#heals.clear();
    stage.world.region.adjust({ bootFailureProbability: 0, sshSeconds: defaultSettings.sshSeconds });
    cleared();
    const next = timeline.now + this.#random.between(...CALM_SECONDS);
    if (next < until)
      timeline.schedule(next, () => {
        this.#storm();
      });
  }

  /** Waits for the next disturbance of a kind, again and again while the storm lasts. */
  #expect(disturbance: Disturbance): void {
    const { stage } = this.#options;
    const seconds =
      FAULT_KINDS[disturbance.name].per === 'hour' ? stage.chaos.nextIn(disturbance.name) : undefined;
    if (seconds === undefined) return;
    this.#coming.push(
      stage.world.timeline.after(seconds, () => {
        this.#happen(disturbance);
        this.#expect(disturbance);
      }),
    );
  }

  #happen({ name, lasts, begin }: Disturbance): void {
    const { stage, written } = this.#options;
    const luck = stage.chaos.luckOf(name);
    const heal = begin({ stage, luck, written });
    if (heal === false) return;
    stage.chaos.count(name);
    if (lasts === undefined) return;
    const once = (): void => {
      if (this.#heals.delete(once)) heal();
    };
    this.#heals.add(once);
    this.#coming.push(stage.world.timeline.after(luck.between(...lasts), once));
  }

  /** Whether and how fast a machine boots is decided as it begins to run. */
  #watchBoots(): void {
    const { stage } = this.#options;
    const { region, deaf } = stage.world;
    region.observe({
      state: ({ instanceId }, state) => {
        if (state !== 'running' || !stage.chaos.isRaging) return;
        region.adjust({
          bootFailureProbability: stage.chaos.strikes('boot-never') ? 1 : 0,
          sshSeconds: stage.chaos.strikes('boot-slow') ? [120, 900] : defaultSettings.sshSeconds,
        });
        if (stage.chaos.strikes('boot-without-nix')) deaf.add(instanceId);
      },
    });
  }
}
