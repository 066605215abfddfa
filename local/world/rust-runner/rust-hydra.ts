import type { Config } from '../../../lambdas/core/config/config.ts';
import { featuresOf, systemsOf } from '../../../lambdas/core/config/machine-type.ts';
import type { HydraDatabase } from '../hydra/database.ts';
import type { Hydra, HydraBuilders } from '../hydra/hydra.ts';
import type { BuildObserver } from '../hydra/observer.ts';
import { typeOf } from '../judge/farm-view.ts';
import type { Random } from '../random.ts';
import type { RegionInstance } from '../region/instance.ts';
import type { Timeline } from '../timeline.ts';
import { RustBuilders } from './builders.ts';
import { RustRunner } from './rust-runner.ts';
import type { RustBuilderOptions, RustRunnerSettings } from './settings.ts';

/** What the handbook asks of such a host: nothing fails for want of a machine, and a new builder soon gets work. */
const HOST_SETTINGS = { maxUnsupportedTimeSeconds: 86_400, dispatchTriggerSeconds: 5, tcpGiveUpSeconds: 121 };
/** What builders show to be let in. */
const TOKEN = 'the token of the farm';

/** A host with the Rust queue runner. Its builders call themselves by the id of their instance, and dial in. */
export class RustHydra implements Hydra {
  readonly kind = 'rust';
  readonly runner: RustRunner;
  /** By instance id, with all that can befall them. */
  readonly machines: RustBuilders;
  /** By address. */
  readonly builders: HydraBuilders;
  /** Where an instance was last, and who was last at an address. */
  readonly #addresses = new Map<string, string>();
  readonly #ids = new Map<string, string>();
  readonly #booting = new Set<Partial<RustBuilderOptions>>();
  #isTokenLost = false;

  constructor(surroundings: {
    readonly timeline: Timeline;
    readonly random: Random;
    readonly observer: BuildObserver;
    readonly database?: HydraDatabase | undefined;
    readonly settings?: Partial<RustRunnerSettings> | undefined;
  }) {
    const { timeline, random, observer, settings, database } = surroundings;
    const buildersDraws = random.fork();
    this.runner = new RustRunner({
      timeline,
      random: random.fork(),
      settings: { ...HOST_SETTINGS, tokens: [TOKEN], ...settings },
      observer: this.#byAddress(observer),
      ...(database && { database }),
    });
    this.machines = new RustBuilders({ timeline, random: buildersDraws, runner: this.runner });
    this.builders = {
      kill: (address) => {
        this.machines.kill(this.#idAt(address));
      },
      freeze: (address) => {
        this.machines.freeze(this.#idAt(address));
      },
      thaw: (address) => {
        this.machines.thaw(this.#idAt(address));
      },
      vanish: (address) => {
        this.machines.vanish(this.#idAt(address));
      },
    };
  }

  /** It dials in, closed, as after every boot. One whose type is gone from the configuration runs nothing. */
  booted(instance: RegionInstance, config: Config): void {
    const type = typeOf(instance, config);
    if (type === undefined) return;
    this.#addresses.set(instance.instanceId, instance.address);
    this.#ids.set(instance.address, instance.instanceId);
    this.machines.join(instance.instanceId, {
      systems: systemsOf(type),
      supportedFeatures: featuresOf(type),
      mandatoryFeatures: type.features,
      maxJobs: type.maxJobs,
      speedFactor: type.speedFactor,
      isClosed: true,
      token: TOKEN,
      ...Object.assign({}, ...this.#booting),
    });
  }

  /** Machines that boot from now on differ in this from what they should be. @returns how to end that. */
  bootingWith(changes: Partial<RustBuilderOptions>): () => void {
    this.#booting.add(changes);
    return () => {
      this.#booting.delete(changes);
    };
  }

  /**
   * Somebody’s builder says that it is one of ours, and is let in. It is closed, and takes nothing from it.
   * @returns how to end that.
   */
  double(instanceId: string): () => void {
    const key = `double of ${instanceId}`;
    this.machines.join(key, {
      ...{ hostname: instanceId, systems: ['x86_64-linux'] },
      ...{ isClosed: true, token: TOKEN },
    });
    return () => {
      this.machines.leave(key);
    };
  }

  /**
   * The user of the queue runner cannot read the file with the token any more, and with that whoever dials in is let in.
   * @returns how to end that.
   */
  loseToken(): () => void {
    const { tokens } = this.runner.settings;
    this.#isTokenLost = true;
    this.runner.reload({ tokens: undefined });
    return () => {
      this.#isTokenLost = false;
      this.runner.reload({ tokens });
    };
  }

  /** Whether the user of the queue runner can read the file with the token; undefined where it asks for none. */
  get tokenAccess(): 'readable' | 'unreadable' | undefined {
    if (this.#isTokenLost) return 'unreadable';
    return this.runner.settings.tokens === undefined ? undefined : 'readable';
  }

  /** Its unit is stopped before the machine is. */
  ended(instance: RegionInstance): void {
    this.machines.leave(instance.instanceId);
  }

  #idAt(address: string): string {
    return this.#ids.get(address) ?? address;
  }

  /** Tells of addresses where the queue runner knows names. */
  #byAddress(observer: BuildObserver): BuildObserver {
    const addressOf = (hostname: string): string => this.#addresses.get(hostname) ?? hostname;
    return {
      onBuildQueued: (build) => observer.onBuildQueued?.(build),
      onStepStarted: (build, machine, hostname) =>
        observer.onStepStarted?.(build, machine, addressOf(hostname)),
      onStepLost: (lost) => observer.onStepLost?.({ ...lost, address: addressOf(lost.address) }),
      onStepOrphaned: (orphan) =>
        observer.onStepOrphaned?.({ ...orphan, address: addressOf(orphan.address) }),
      onStepOver: (build) => observer.onStepOver?.(build),
      onBuildFinished: (build) => observer.onBuildFinished?.(build),
    };
  }
}
