/** All that want to know what happens in the region: builders, a judge, an event bus. */
import type { InstanceState, RegionInstance } from './instance.ts';

/** An event as EventBridge hands it to a function. */
export interface RegionEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type':
    | 'EC2 Instance State-change Notification'
    | 'EC2 Spot Instance Interruption Warning'
    | 'EC2 Instance Rebalance Recommendation'
    | 'EC2 Command Invocation Status-change Notification';
  readonly source: 'aws.ec2' | 'aws.ssm';
  readonly account: string;
  /** ISO 8601, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, string>>;
}

/** One API call, by its IAM name, as CloudTrail would show it. */
export interface ApiCall {
  readonly service: 'ec2' | 'ssm' | 'sts' | 'cloudformation' | 'servicequotas' | 'pricing' | 'dynamodb';
  readonly action: string;
  readonly input: unknown;
  /** Absent when it succeeded. */
  readonly errorCode?: string;
}

export interface RegionObserver {
  /** The instance has just entered this state. */
  readonly state?: (instance: RegionInstance, state: InstanceState) => void;
  /** The instance has just finished booting: its sshd answers. */
  readonly booted?: (instance: RegionInstance) => void;
  readonly event?: (event: RegionEvent) => void;
  readonly call?: (call: ApiCall) => void;
  /** A DescribeInstances that is about `instances` has just been answered with `shown`: all of them, unless it was cut short. */
  readonly listed?: (instances: readonly RegionInstance[], shown: readonly RegionInstance[]) => void;
}

export class Observers {
  readonly #observers = new Set<RegionObserver>();

  /** Returns the way to stop observing. */
  add(observer: RegionObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  state(instance: RegionInstance, state: InstanceState): void {
    for (const observer of this.#observers) observer.state?.(instance, state);
  }

  booted(instance: RegionInstance): void {
    for (const observer of this.#observers) observer.booted?.(instance);
  }

  event(event: RegionEvent): void {
    for (const observer of this.#observers) observer.event?.(event);
  }

  call(call: ApiCall): void {
    for (const observer of this.#observers) observer.call?.(call);
  }

  listed(instances: readonly RegionInstance[], shown: readonly RegionInstance[]): void {
    for (const observer of this.#observers) observer.listed?.(instances, shown);
  }
}
