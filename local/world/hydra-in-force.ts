/** The queue runner that the world's Hydra host has, which may be replaced by the other one, and which machines serve it. */
import type { RunnerKind } from '../../lambdas/core/model/index.ts';
import type { HydraDatabase } from './hydra/database.ts';
import type { Watched } from './judge/farm-view.ts';
import type { Judge } from './judge/judge.ts';
import type { Offers } from './judge/offers.ts';
import { offersOf } from './offers-of.ts';
import { CppHydra } from './queue-runner/cpp-hydra.ts';
import type { MachinesFileSource } from './queue-runner/machines-file.ts';
import type { QueueRunnerSettings } from './queue-runner/runner-process.ts';
import type { Random } from './random.ts';
import type { RegionInstance } from './region/instance.ts';
import { RustHydra } from './rust-runner/rust-hydra.ts';
import type { RustRunnerSettings } from './rust-runner/settings.ts';
import { tellingBoth } from './telling-both.ts';

export interface HydraTerms {
  /** Which queue runner the Hydra host has at first; `cpp` by default. */
  readonly runnerKind?: RunnerKind;
  readonly runner?: Partial<QueueRunnerSettings>;
  readonly rustRunner?: Partial<RustRunnerSettings>;
}

/** What of the world its host is in. Ledger and judge may be there only later, but before the first build. */
interface Surroundings extends Pick<Watched, 'timeline' | 'region' | 'machinesFile' | 'config' | 'ledger'> {
  readonly random: Random;
  readonly staticMachines: MachinesFileSource;
  readonly judge: Judge;
}

export class HydraInForce {
  hydra: CppHydra | RustHydra;
  /** What it may give work to. */
  offers: Offers;
  /** Which queue runner a machine finds in force when it boots: what the farm's record says, once there is one. */
  found: () => string | undefined = () => this.hydra.kind;
  readonly #world: Surroundings;
  readonly #terms: HydraTerms;
  /** Which queue runner an instance serves since its last boot. */
  readonly #serving = new Map<string, string>();

  constructor(world: Surroundings, terms: HydraTerms) {
    this.#world = world;
    this.#terms = terms;
    this.hydra = this.#make(terms.runnerKind);
    this.offers = offersOf(world, this.hydra);
  }

  /** It serves the queue runner it finds: where that is another than the host has by now, nobody comes of it. */
  booted(instance: RegionInstance): void {
    const kind = this.found() ?? 'cpp';
    this.#serving.set(instance.instanceId, kind);
    if (kind === this.hydra.kind) this.hydra.booted(instance, this.#world.config);
  }

  /** The other queue runner starts on the same database, and finds the machines that served it before. */
  replaceBy(kind: RunnerKind): void {
    const { runner } = this.hydra;
    runner.stop();
    this.hydra = this.#make(kind, runner.database);
    this.offers = offersOf(this.#world, this.hydra);
    for (const instance of this.#world.region.instances.all)
      if (instance.state === 'running' && this.#serving.get(instance.instanceId) === kind)
        this.hydra.booted(instance, this.#world.config);
    this.hydra.runner.start();
    this.#world.judge.lookAtOffers(false);
  }

  #make(kind: RunnerKind = 'cpp', database?: HydraDatabase): CppHydra | RustHydra {
    const { timeline, random, machinesFile, staticMachines } = this.#world;
    const surroundings = { timeline, random, observer: tellingBoth(this.#world), database };
    if (kind === 'rust') return new RustHydra({ ...surroundings, settings: this.#terms.rustRunner });
    const machinesFiles = [machinesFile, staticMachines];
    return new CppHydra({ ...surroundings, machinesFiles, settings: this.#terms.runner });
  }
}
