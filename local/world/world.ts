/**
 * The whole simulated world in virtual time: a region, a Hydra host with its queue runner, and builders that live and
 * die with their instances. It serves the HTTP endpoint, the simulation in one process and the tests alike.
 */
import type { Config } from '../../lambdas/core/config/config.ts';
import { scheduleArrivals } from './arrivals.ts';
import { seedImages, seedTemplates, subnetsOf } from './farm-seed.ts';
import { Evaluations } from './hydra/evaluations.ts';
import type { HydraBuilders, HydraRunner } from './hydra/hydra.ts';
import { HydraInForce } from './hydra-in-force.ts';
import type { HydraTerms } from './hydra-in-force.ts';
import { Judge } from './judge/judge.ts';
import type { Offers } from './judge/offers.ts';
import { Ledger } from './ledger.ts';
import { MachineHours } from './machine-hours.ts';
import type { Login } from './queue-runner/builder-network.ts';
import { MachinesFileInMemory } from './queue-runner/machines-file.ts';
import type { MachinesFileSource } from './queue-runner/machines-file.ts';
import type { CppHydra } from './queue-runner/cpp-hydra.ts';
import { Random } from './random.ts';
import { Region } from './region/region.ts';
import type { RegionOptions } from './region/region.ts';
import type { RegionInstance } from './region/instance.ts';
import { defaultSettings } from './region/settings.ts';
import type { RegionSettings } from './region/settings.ts';
import type { Executor } from './region/ssm/executor.ts';
import type { RustHydra } from './rust-runner/rust-hydra.ts';
import type { Timeline } from './timeline.ts';
import { Watches } from './watches.ts';
import type { Workload } from './workload.ts';

export interface WorldOptions extends HydraTerms {
  readonly seed: number;
  readonly timeline: Timeline;
  /** The farm: its launch templates, subnets and Hydra host exist from the start. */
  readonly config: Config;
  /** What becomes of scripts; absent where they never end. */
  readonly executor?: Executor;
  readonly region?: Partial<RegionSettings>;
  /** Configurations that come later; absent where none does. */
  readonly laterConfigs?: readonly Config[];
  /** Our machines file on the Hydra host. */
  readonly machinesFile: MachinesFileSource;
}

const NO_SCRIPTS: Executor = { run: () => () => undefined };

function withSubnets({ config, laterConfigs = [], region }: WorldOptions): Pick<RegionOptions, 'subnets'> {
  const { regionName, zoneLetters } = { ...defaultSettings, ...region };
  const subnets = subnetsOf([config, ...laterConfigs], regionName, zoneLetters);
  return subnets === undefined ? {} : { subnets };
}

export class World {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly region: Region;
  /** Which queue runner the Hydra host has, and what replaces it by the other one. */
  readonly inForce: HydraInForce;
  readonly machinesFile: MachinesFileSource;
  /** The host's own machines, in a file that the queue runner reads beside ours; none unless somebody writes some. */
  readonly staticMachines: MachinesFileInMemory;
  readonly hours: MachineHours;
  readonly ledger: Ledger;
  readonly judge: Judge;
  /** Evaluations of jobsets, in Hydra's database. */
  readonly evaluations: Evaluations;
  /** What waits on the Hydra host between ticks. */
  readonly watches: Watches;
  /** Instances whose Nix store does not answer, whatever EC2 says. */
  readonly deaf = new Set<string>();
  /** When somebody last reached an instance by SSH to see which it is. */
  readonly knockedAt = new Map<string, number>();
  /** Every configuration so far and since when, the latest last. */
  readonly #configs: { readonly config: Config; readonly since: number }[];

  constructor(options: WorldOptions) {
    const { config, timeline, executor = NO_SCRIPTS } = options;
    this.#configs = [{ config, since: timeline.now }];
    this.timeline = timeline;
    this.random = new Random(options.seed);
    const { random } = this;
    this.region = new Region({
      timeline,
      random: random.fork(),
      executor,
      nodes: [{ instanceId: config.host.instanceId }],
      ...withSubnets(options),
      ...(options.region === undefined ? {} : { settings: options.region }),
    });
    this.machinesFile = options.machinesFile;
    this.staticMachines = new MachinesFileInMemory(() => timeline.now, '');
    this.hours = new MachineHours(this.region, () => this.config);
    this.ledger = new Ledger(timeline, (address) => this.hours.slotsAt(address));
    this.inForce = new HydraInForce(this, options);
    this.evaluations = new Evaluations(timeline);
    this.judge = new Judge(this);
    this.watches = new Watches(this);
    seedImages(this.region, config);
    seedTemplates(this.region, config);
    this.region.observe({
      booted: (instance) => {
        if (!this.deaf.has(instance.instanceId)) this.inForce.booted(instance);
      },
      state: (instance, state) => {
        if (state === 'stopping' || state === 'shutting-down') this.#end(instance);
      },
    });
    this.judge.watch();
  }

  /** The queue runner that the Hydra host has now, with what it reaches. */
  get hydra(): CppHydra | RustHydra {
    return this.inForce.hydra;
  }

  /** What that may give work to. */
  get offers(): Offers {
    return this.inForce.offers;
  }

  get runner(): HydraRunner {
    return this.hydra.runner;
  }

  /** By the address of their instance. */
  get builders(): HydraBuilders {
    return this.hydra.builders;
  }

  /** @throws in a world with the other queue runner. */
  get cpp(): CppHydra {
    if (this.hydra.kind !== 'cpp') throw new Error('this Hydra host has the Rust queue runner');
    return this.hydra;
  }

  /** @throws in a world with the other queue runner. */
  get rust(): RustHydra {
    if (this.hydra.kind !== 'rust') throw new Error('this Hydra host has the C++ queue runner');
    return this.hydra;
  }

  /** The configuration now. */
  get config(): Config {
    return this.#configs[this.#configs.length - 1]?.config ?? this.#noConfig();
  }

  /** Every configuration that has been valid since `instant`. */
  configsSince(instant: number): readonly Config[] {
    return this.#configs
      .filter((_entry, index) => (this.#configs[index + 1]?.since ?? Infinity) >= instant)
      .map(({ config }) => config);
  }

  /** Somebody deploys another configuration: images and launch templates of new types are there at once. */
  configure(config: Config): void {
    this.#configs.push({ config, since: this.timeline.now });
    seedImages(this.region, config);
    seedTemplates(this.region, config);
  }

  #noConfig(): never {
    throw new Error('a world always has a configuration');
  }

  /** The judge looks before the builder dies: what runs on it now is what its end costs. */
  #end(instance: RegionInstance): void {
    this.judge.ends(instance);
    this.hydra.ended(instance);
  }

  /** The public host key of what answers SSH at an address now, and lets `login` in; undefined when nothing does. */
  knock(address: string, login: Login): string | undefined {
    const instance = this.region.instances.all.find(
      (other) => other.address === address && other.bootedAt !== undefined,
    );
    if (instance === undefined || this.deaf.has(instance.instanceId)) return undefined;
    if (instance.state !== 'running') return undefined;
    const known = this.cpp.builders.loginAt(address);
    if (known !== undefined && (known.user !== login.user || known.port !== login.port)) return undefined;
    this.knockedAt.set(instance.instanceId, this.timeline.now);
    return instance.hostKey.split(' ').slice(0, 2).join(' ');
  }

  /** Lets a workload arrive; its seconds count from now. */
  schedule(workload: Workload): void {
    scheduleArrivals(this, workload);
  }
}
