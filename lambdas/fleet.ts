/** The port to EC2. Failing to ask is a problem here, and never an answer. */
import type { MachineType } from './core/config/machine-type.ts';
import type { Prerequisites, VcpuQuota } from './core/doctor/finding.ts';
import type { Instance, KnownTemplate, Launch, Market, Problem } from './core/model/index.ts';
import type { Result } from './core/reason/result.ts';
import type { InstanceResult, LaunchResult } from './core/model/refusal.ts';

/** Part of an answer could not be had. What it would have told is unknown; the rest of the answer holds. */
export interface Incomplete {
  /** One for each call and error code, with AWS's words and how often it happened. Empty when all could be asked. */
  readonly problems: readonly Problem[];
}

/** Our instances, by tag. */
export interface FleetView extends Incomplete {
  readonly instances: readonly Instance[];
}

/** What EC2 says of instances asked for by id. An id that is in neither list is unknown. */
export interface FoundMachines extends Incomplete {
  /** With `untagged` where one does not bear our farm's tag. */
  readonly instances: readonly Instance[];
  /** Those EC2 says it does not know. A new instance may be among them for minutes. */
  readonly denied: ReadonlySet<string>;
}

export interface FoundTemplates extends Incomplete {
  /** Those of the launch templates asked for that exist. Absent when EC2 could not be asked. */
  readonly templates?: readonly KnownTemplate[];
}

export interface MachineFleet {
  /**
   * All our instances that AWS still knows, found by tag, every page; those in an unknown state too.
   * @throws when AWS cannot be asked for instances: "none" always means that AWS shows none.
   */
  describe(): Promise<FleetView>;
  /** Asks for machines by id that {@link describe} did not show. Never throws. */
  find(instanceIds: readonly string[]): Promise<FoundMachines>;
  /** Asks which launch templates bear these names. Never throws. */
  templates(names: readonly string[]): Promise<FoundTemplates>;
  /**
   * Sends one launch. Idempotent by `launch.id`: the same launch sent twice makes its instances once.
   * Never throws: a refusal is data.
   */
  launch(launch: Launch, type: MachineType): Promise<LaunchResult>;
  /** Each returns one result per id, in any order; one bad id never spoils the others. Never throws. */
  start(instanceIds: readonly string[]): Promise<readonly InstanceResult[]>;
  stop(instanceIds: readonly string[]): Promise<readonly InstanceResult[]>;
  terminate(instanceIds: readonly string[]): Promise<readonly InstanceResult[]>;
  /** What the launches of a type need, as AWS shows it now, and whether it would let one through. Launches nothing. Never throws: what cannot be asked is missing for that reason. */
  prerequisites(type: MachineType): Promise<Prerequisites>;
  /** The account's vCPU quotas of these markets. Never throws: one that cannot be asked is missing for that reason. */
  vcpuQuotas(markets: readonly Market[]): Promise<ReadonlyMap<Market, Result<VcpuQuota>>>;
}
