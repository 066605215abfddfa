/** A farm whose Hydra host has the Rust queue runner: the function in one process, and a world in virtual time. */
import type { RegionInstance } from '../../../local/world/region/instance.ts';
import type { RustBuilders } from '../../../local/world/rust-runner/builders.ts';
import type { RustRunnerSettings } from '../../../local/world/rust-runner/settings.ts';
import { OperateBench, TYPE } from '../../operate/bench.ts';

export const RUST_HOST = {
  instanceId: 'mi-0123456789abcdef0',
  queueRunnerAddr: 'https://hydra.example.org:443',
};

export class RustFarm extends OperateBench {
  constructor(changes: Readonly<Record<string, unknown>> = {}, rustRunner: Partial<RustRunnerSettings> = {}) {
    super({ host: RUST_HOST, ...changes }, { runnerKind: 'rust', rustRunner });
  }

  /** The machines themselves. */
  get builders(): RustBuilders {
    return this.world.rust.machines;
  }

  /** The host has been up for two minutes, and so many builds of so many seconds are queued and served. */
  async busy(count: number, seconds: number, ticks = 1): Promise<void> {
    await this.busyFarm({ count, seconds }, ticks);
  }

  queue(count: number, seconds: number): void {
    this.world.runner.queue({ count, system: TYPE, seconds });
  }

  /** Phases there are, such as `ready ready`. */
  async phases(): Promise<string> {
    return Object.values(await this.machines())
      .toSorted()
      .join(' ');
  }

  /** Ticks until `is` holds, at most `times` times. @throws when it does not come to that. */
  async until(is: () => boolean | Promise<boolean>, times: number): Promise<void> {
    for (let tick = 0; tick < times && !(await is()); tick++) await this.ticks(1);
    if (!(await is())) throw new Error(`not after ${times} ticks: ${await this.phases()}`);
  }

  instance(id: string): RegionInstance {
    const found = this.world.region.instances.find(id);
    if (found === undefined) throw new Error(`${id} is gone`);
    return found;
  }

  /** A machine can no longer be reached by anybody, and nobody is told. */
  vanish(id: string): void {
    this.world.deaf.add(id);
    this.builders.vanish(id);
  }
}

export const isDone = (farm: RustFarm) => (): boolean => farm.world.ledger.unfinished === 0;
export const isEmpty = (farm: RustFarm) => async (): Promise<boolean> => (await farm.phases()) === '';

/** What machines have lost, and what the judge of the world says. */
export const harm = ({ world: { ledger, judge } }: RustFarm): readonly object[] => [
  ...ledger.lost,
  ...ledger.orphaned,
  ...judge.violations,
];
