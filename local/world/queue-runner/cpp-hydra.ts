import type { Config } from '../../../lambdas/core/config/config.ts';
import type { HydraDatabase } from '../hydra/database.ts';
import type { Hydra } from '../hydra/hydra.ts';
import { loginOf } from '../judge/farm-view.ts';
import type { Random } from '../random.ts';
import type { RegionInstance } from '../region/instance.ts';
import type { Timeline } from '../timeline.ts';
import type { MachinesFileSource } from './machines-file.ts';
import type { QueueRunnerObserver } from './observer.ts';
import { QueueRunner } from './queue-runner.ts';
import type { QueueRunnerSettings } from './runner-process.ts';
import { SimulatedBuilders } from './simulated-builders.ts';

/** A host with the C++ queue runner, which reaches its builders over SSH. */
export class CppHydra implements Hydra {
  readonly kind = 'cpp';
  readonly runner: QueueRunner;
  readonly builders: SimulatedBuilders;

  constructor(surroundings: {
    readonly timeline: Timeline;
    readonly random: Random;
    readonly machinesFiles: readonly MachinesFileSource[];
    readonly observer: QueueRunnerObserver;
    readonly database?: HydraDatabase | undefined;
    readonly settings?: Partial<QueueRunnerSettings> | undefined;
  }) {
    const { timeline, random, machinesFiles, observer, settings, database } = surroundings;
    this.builders = new SimulatedBuilders(timeline, random.fork());
    this.runner = new QueueRunner({
      timeline,
      random: random.fork(),
      machinesFiles,
      builders: this.builders,
      // Even with Hydra's harshest default nothing may fail for want of a machine.
      settings: { maxUnsupportedTimeSeconds: 0, maxLocalWorkerThreads: 8, ...settings },
      observer,
      ...(database && { database }),
    });
  }

  /** sshd lets in whom the machine's type says. */
  booted(instance: RegionInstance, config: Config): void {
    this.builders.start(instance.address, loginOf(instance, config));
  }

  ended(instance: RegionInstance): void {
    this.builders.kill(instance.address);
  }
}
