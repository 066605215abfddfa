/** A world with the Rust queue runner and machines of the farm, for tests of the judge: nobody ticks. */
import { FARM_TAG, TYPE_TAG } from '../../../lambdas/aws/ec2/tags.ts';
import { plainFarm } from '../../../local/prove/crash/scenario.ts';
import { configOf } from '../../../local/prove/simulate/farm.ts';
import { START } from '../../../local/prove/simulate/simulate.ts';
import { MachinesFileInMemory } from '../../../local/world/queue-runner/machines-file.ts';
import type { RegionInstance } from '../../../local/world/region/instance.ts';
import { Timeline } from '../../../local/world/timeline.ts';
import { World } from '../../../local/world/world.ts';

const TYPE = 'x86_64-linux';
/** A builder has dialled in and pinged by then, in seconds. */
const DIAL_SECONDS = 5;

export class RustWorld {
  readonly world: World;
  readonly #config = configOf(plainFarm({ maxJobs: 2, billing: 'per-second' }));

  /** The queue runner has been up for two minutes. */
  constructor() {
    const timeline = new Timeline(START);
    this.world = new World({
      ...{ seed: 1, timeline, config: this.#config, runnerKind: 'rust' },
      machinesFile: new MachinesFileInMemory(() => timeline.now, ''),
    });
    this.world.runner.start();
    this.wait(120);
  }

  wait(seconds: number): void {
    this.world.timeline.advanceTo(this.world.timeline.now + seconds);
  }

  /** One of ours: its builder is about to dial in. */
  launch(): RegionInstance {
    const [type] = this.#config.machineTypes;
    return this.world.region.seed({
      instanceType: type?.instanceTypes[0] ?? '',
      imageId: this.world.region.images.all[0]?.imageId ?? '',
      template: type?.launchTemplate ?? '',
      tags: { [FARM_TAG]: this.#config.tag, [TYPE_TAG]: TYPE },
    });
  }

  /** One that has dialled in, closed. */
  machine(): RegionInstance {
    const { instanceId } = this.launch();
    this.wait(DIAL_SECONDS);
    return this.now(instanceId);
  }

  /** One that builds. */
  busy(seconds: number): RegionInstance {
    const machine = this.machine();
    this.open(machine);
    this.world.runner.queue({ count: 1, system: TYPE, seconds });
    this.wait(30);
    return machine;
  }

  /** An instance as it is now. */
  now(instanceId: string): RegionInstance {
    const found = this.world.region.instances.find(instanceId);
    if (found === undefined) throw new Error(`${instanceId} is gone`);
    return found;
  }

  open({ instanceId }: RegionInstance): void {
    this.world.rust.machines.open(instanceId);
    this.world.judge.lookAtOffers(true);
  }

  /** A person does, and nobody tells the function. */
  openByHand({ instanceId }: RegionInstance): void {
    this.world.rust.machines.open(instanceId);
    this.world.judge.lookAtOffers(false);
  }

  close({ instanceId }: RegionInstance): void {
    this.world.rust.machines.close(instanceId);
    this.world.judge.lookAtOffers(true);
  }

  get statusText(): string {
    const { status } = this.world.rust.runner.answers();
    if (status.kind !== 'answered') throw new Error(`the call was ${status.kind}`);
    return status.text;
  }

  /** The function hears the truth: now, and again after so many seconds. */
  told(seconds = 0): void {
    const { judge } = this.world;
    judge.told(judge.tellable(this.statusText));
    if (seconds === 0) return;
    this.wait(seconds);
    judge.told(judge.tellable(this.statusText));
  }

  /** As the function would. */
  async end({ instanceId }: RegionInstance): Promise<void> {
    const { gate, power } = this.world.region;
    const input = { InstanceIds: [instanceId] };
    await gate.call({ service: 'ec2', action: 'TerminateInstances', input }, () =>
      power.terminate([instanceId]),
    );
  }

  /** What the judge says, each with its rule. */
  get violations(): readonly string[] {
    return this.world.judge.violations.map(({ rule, what }) => `${rule}: ${what}`);
  }
}
