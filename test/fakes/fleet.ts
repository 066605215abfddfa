/** A fleet in memory: instances change as AWS would change them, at once; the next call can be made to fail. */
import type { MachineType } from '../../lambdas/core/config/machine-type.ts';
import type { Prerequisites, VcpuQuota } from '../../lambdas/core/doctor/finding.ts';
import type { Result } from '../../lambdas/core/reason/result.ts';
import type { Instance, Launch, Market, Problem } from '../../lambdas/core/model/index.ts';
import type {
  Clock,
  FleetView,
  FoundMachines,
  FoundTemplates,
  InstanceResult,
  LaunchResult,
  MachineFleet,
  Refusal,
  RefusalKind,
} from '../../lambdas/ports.ts';

type InstanceCall = 'start' | 'stop' | 'terminate';

export const refusal = (kind: RefusalKind, pool?: Refusal['pool']): Refusal => ({
  kind,
  code: kind.toUpperCase(),
  says: `no: ${kind}`,
  ...(pool === undefined ? {} : { pool }),
});

/** The id of the launch template of that name, which is there. */
export const templateIdOf = (name: string): string => `lt-${name}`;

export class FakeFleet implements MachineFleet {
  readonly instances = new Map<string, Instance>();
  /** Machines that are there and that the listing leaves out. */
  readonly hidden = new Set<string>();
  /** What the next looks could not ask. */
  readonly problems: Problem[] = [];
  readonly #clock: Clock;
  readonly #byLaunch = new Map<string, readonly string[]>();
  readonly #refusedCalls = new Map<InstanceCall, Refusal>();
  #nextLaunch: { readonly granted: number; readonly refusals: readonly Refusal[] } | undefined;
  #losesAnswer = false;
  #isDown = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(instance: Instance): void {
    this.instances.set(instance.instanceId, instance);
  }

  /** The next describe throws. */
  failNextDescribe(): void {
    this.#isDown = true;
  }

  /** The next launch gets only `granted` machines, and these refusals. */
  failNextLaunch(refusals: readonly Refusal[], granted = 0): void {
    this.#nextLaunch = { granted, refusals };
  }

  /** The next launch happens, but its answer never comes. */
  loseNextAnswer(): void {
    this.#losesAnswer = true;
  }

  /** The next call of this kind is refused for its first id. */
  failNext(call: InstanceCall, why: Refusal): void {
    this.#refusedCalls.set(call, why);
  }

  describe(): Promise<FleetView> {
    const isDown = this.#isDown;
    this.#isDown = false;
    if (isDown) return Promise.reject(new Error('EC2 cannot be asked'));
    const instances = [...this.instances.values()].filter(({ instanceId }) => !this.hidden.has(instanceId));
    return Promise.resolve({ instances, problems: [...this.problems] });
  }

  find(instanceIds: readonly string[]): Promise<FoundMachines> {
    const found = instanceIds.map((id) => this.instances.get(id));
    return Promise.resolve({
      instances: found.filter((instance) => instance !== undefined),
      denied: new Set(instanceIds.filter((id) => !this.instances.has(id))),
      problems: [],
    });
  }

  templates(names: readonly string[]): Promise<FoundTemplates> {
    return Promise.resolve({
      templates: names.map((name) => ({ name, id: templateIdOf(name) })),
      problems: [],
    });
  }

  launch(launch: Launch, type: MachineType): Promise<LaunchResult> {
    const { granted, refusals } = this.#nextLaunch ?? { granted: launch.count, refusals: [] };
    this.#nextLaunch = undefined;
    const instanceIds = this.#byLaunch.get(launch.id) ?? this.#create(launch, type, granted);
    this.#byLaunch.set(launch.id, instanceIds);
    const isLost = this.#losesAnswer;
    this.#losesAnswer = false;
    return Promise.resolve(
      isLost
        ? { answered: false, reason: 'time-out' }
        : { answered: true, instanceIds, pools: new Map(), refusals },
    );
  }

  #create(launch: Launch, { key, launchTemplate }: MachineType, count: number): readonly string[] {
    return Array.from({ length: count }, () => {
      const n = this.instances.size + 1;
      const instanceId = `i-${String(n).padStart(8, '0')}`;
      this.add({
        instanceId,
        state: 'running',
        type: key,
        launchId: launch.id,
        templateId: templateIdOf(launchTemplate),
        address: `10.0.0.${n}`,
        startedAt: this.#clock.now(),
        instanceType: launch.pools[0]?.instanceType ?? 'c7i.2xlarge',
        subnet: launch.pools[0]?.subnet ?? '',
        market: launch.pools[0]?.market ?? 'on-demand',
        interrupted: false,
      });
      return instanceId;
    });
  }

  start(instanceIds: readonly string[]): Promise<readonly InstanceResult[]> {
    return this.#change('start', instanceIds, 'running');
  }

  stop(instanceIds: readonly string[]): Promise<readonly InstanceResult[]> {
    return this.#change('stop', instanceIds, 'stopped');
  }

  terminate(instanceIds: readonly string[]): Promise<readonly InstanceResult[]> {
    return this.#change('terminate', instanceIds, 'terminated');
  }

  #change(
    call: InstanceCall,
    ids: readonly string[],
    state: Instance['state'],
  ): Promise<readonly InstanceResult[]> {
    const refused = this.#refusedCalls.get(call);
    this.#refusedCalls.delete(call);
    const results = ids.map((instanceId, index): InstanceResult => {
      const instance = this.instances.get(instanceId);
      if (refused !== undefined && index === 0) return { instanceId, refusal: refused };
      if (instance === undefined) return { instanceId, refusal: refusal('not-found') };
      this.add({ ...instance, state, ...(state === 'running' ? { startedAt: this.#clock.now() } : {}) });
      return { instanceId };
    });
    return Promise.resolve(results);
  }

  prerequisites(): Promise<Prerequisites> {
    return Promise.reject(new Error('nobody asks this fleet what it needs'));
  }

  vcpuQuotas(): Promise<ReadonlyMap<Market, Result<VcpuQuota>>> {
    return Promise.reject(new Error('nobody asks this fleet for quotas'));
  }
}
