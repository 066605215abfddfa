/** EC2 on a bad day: refusals under AWS's names, calls and answers that get lost, long waits. */
import type { MachineType } from '../../../../lambdas/core/config/machine-type.ts';
import type { Prerequisites, VcpuQuota } from '../../../../lambdas/core/doctor/finding.ts';
import type { Result } from '../../../../lambdas/core/reason/result.ts';
import type { Launch, Market } from '../../../../lambdas/core/model/index.ts';
import type {
  Clock,
  FleetView,
  FoundMachines,
  FoundTemplates,
  InstanceResult,
  LaunchResult,
  MachineFleet,
} from '../../../../lambdas/ports.ts';
import type { Fault } from '../../../world/region/faults.ts';
import type { Region } from '../../../world/region/region.ts';
import { COMMON_ERRORS, INSTANCE_ERRORS, LAUNCH_ERRORS } from '../aws-error-names.ts';
import type { Chaos } from '../chaos.ts';

/** A request is given up after 20 s. */
const LONGEST_WAIT_SECONDS = 20;
/** Part of the calls that a throttling storm lets through. */
const STORM_MERCY = 0.15;

export class FaultyFleet implements MachineFleet {
  /** While it lasts nearly every call is throttled. */
  isStorm = false;
  readonly #inner: MachineFleet;
  readonly #region: Region;
  readonly #chaos: Chaos;
  readonly #clock: Clock;

  constructor(inner: MachineFleet, region: Region, chaos: Chaos, clock: Clock) {
    this.#inner = inner;
    this.#region = region;
    this.#chaos = chaos;
    this.#clock = clock;
  }

  async describe(): Promise<FleetView> {
    await this.#meet('DescribeInstances', COMMON_ERRORS, 1);
    return this.#inner.describe();
  }

  find(instanceIds: readonly string[]): Promise<FoundMachines> {
    return this.#inner.find(instanceIds);
  }

  templates(names: readonly string[]): Promise<FoundTemplates> {
    return this.#inner.templates(names);
  }

  async launch(launch: Launch, type: MachineType): Promise<LaunchResult> {
    await this.#meet('CreateFleet', [...LAUNCH_ERRORS, 'RequestLimitExceeded', 'UnauthorizedOperation'], 1);
    return this.#inner.launch(launch, type);
  }

  async start(instanceIds: readonly string[]): Promise<readonly InstanceResult[]> {
    await this.#meet('StartInstances', [...INSTANCE_ERRORS, ...COMMON_ERRORS], instanceIds.length);
    return this.#inner.start(instanceIds);
  }

  async stop(instanceIds: readonly string[]): Promise<readonly InstanceResult[]> {
    await this.#meet('StopInstances', [...INSTANCE_ERRORS, ...COMMON_ERRORS], instanceIds.length);
    return this.#inner.stop(instanceIds);
  }

  async terminate(instanceIds: readonly string[]): Promise<readonly InstanceResult[]> {
    await this.#meet('TerminateInstances', [...INSTANCE_ERRORS, ...COMMON_ERRORS], instanceIds.length);
    return this.#inner.terminate(instanceIds);
  }

  prerequisites(type: MachineType): Promise<Prerequisites> {
    return this.#inner.prerequisites(type);
  }

  vcpuQuotas(markets: readonly Market[]): Promise<ReadonlyMap<Market, Result<VcpuQuota>>> {
    return this.#inner.vcpuQuotas(markets);
  }

  /** Arranges what the next `calls` calls of `action` meet. */
  async #meet(action: string, errors: readonly string[], calls: number): Promise<void> {
    const chaos = this.#chaos;
    if (chaos.strikes('ec2-slow'))
      await this.#clock.sleep(chaos.luckOf('ec2-slow').between(1, LONGEST_WAIT_SECONDS));
    const fault = this.#draw(errors);
    if (fault === undefined) return;
    for (let i = 0; i < calls; i++) this.#region.faults.next(action, fault);
  }

  #draw(errors: readonly string[]): Fault | undefined {
    const chaos = this.#chaos;
    if (this.isStorm && !chaos.luckOf('ec2-throttle-storm').chance(STORM_MERCY)) {
      chaos.count('ec2-throttle-storm', 'RequestLimitExceeded');
      return { kind: 'throttle' };
    }
    if (chaos.strikes('ec2-error')) {
      const code = chaos.luckOf('ec2-error').pick(errors);
      chaos.count('ec2-error', code);
      return { kind: 'error', code };
    }
    if (chaos.strikes('ec2-lost-reply')) return { kind: 'lost-reply' };
    return chaos.strikes('ec2-lost-request') ? { kind: 'lost-request' } : undefined;
  }
}
