/** How instances change their state in the course of time. */
import type { EpochSeconds } from '../../../lambdas/core/model/index.ts';
import type { Random } from '../random.ts';
import type { Cancel, Timeline } from '../timeline.ts';
import type { BillingMeter } from './billing.ts';
import type { Delays } from './delays.ts';
import { RegionError } from './errors.ts';
import { placeOf } from './selector.ts';
import type { InstanceState, MutableInstance, RegionInstance, StateReason } from './instance.ts';
import type { Instances } from './instances.ts';
import type { Network } from './network.ts';
import type { Observers } from './observers.ts';
import type { RegionSettings, SecondsRange } from './settings.ts';

export const USER_INITIATED_SHUTDOWN: StateReason = {
  code: 'Client.UserInitiatedShutdown',
  message: 'Client.UserInitiatedShutdown: User initiated shutdown',
};
const INSTANCE_INITIATED_SHUTDOWN: StateReason = {
  code: 'Client.InstanceInitiatedShutdown',
  message: 'Client.InstanceInitiatedShutdown: Instance initiated shutdown',
};

/** `User initiated (2026-08-18 11:00:20 GMT)`: the only place where AWS tells when an instance was stopped. */
const userInitiated = (now: EpochSeconds): string =>
  `User initiated (${new Date(now * 1000).toISOString().slice(0, 19).replace('T', ' ')} GMT)`;

export interface LifecycleParts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly settings: RegionSettings;
  readonly instances: Instances;
  readonly network: Network;
  readonly billing: BillingMeter;
  readonly delays: Delays;
  readonly observers: Observers;
}

export class Lifecycle {
  readonly #parts: LifecycleParts;
  /** What is going to happen to an instance unless its state changes before. */
  readonly #coming = new Map<string, Cancel[]>();
  /** What becomes of instances that AWS does not let out of a state in the usual time, once it does. */
  readonly #stuck = new Map<string, () => void>();

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
  }

  /** A new or started instance boots. */
  begin(instance: MutableInstance): void {
    if (instance.state === 'stopped') this.#maybeMove(instance);
    instance.startedAt = this.#parts.timeline.now;
    instance.transitionReason = '';
    instance.stateReason = undefined;
    this.#enter(instance, 'pending');
    this.#leaveLater(instance, this.#parts.settings.pendingSeconds, () => this.#run(instance));
  }

  #maybeMove(instance: MutableInstance): void {
    const { random, settings, network } = this.#parts;
    if (settings.newAddressProbability === 0 || !random.chance(settings.newAddressProbability)) return;
    const { address, subnet } = instance;
    instance.address = network.takeAddress(subnet);
    network.giveBackAddress(subnet.subnetId, address);
  }

  /** An instance that has been running since before the region was looked at. */
  beginRunning(instance: MutableInstance): void {
    this.#enter(instance, 'running');
    instance.bootedAt = instance.startedAt;
    instance.consoleAt = instance.startedAt;
    this.#parts.observers.booted(instance);
  }

  /** Asking again changes nothing. @throws RegionError `IncorrectInstanceState` */
  stop(instance: MutableInstance, reason: StateReason = USER_INITIATED_SHUTDOWN): void {
    if (instance.state === 'stopping' || instance.state === 'stopped') return;
    if (instance.state !== 'running') throw wrongState(instance, 'stopped');
    this.#leave(instance, 'stopping', reason);
    this.#leaveLater(instance, this.#parts.settings.stoppingSeconds, () => this.#enter(instance, 'stopped'));
  }

  /** Asking again changes nothing. One stuck in `stopping` ends after that. */
  terminate(instance: MutableInstance, reason: StateReason = USER_INITIATED_SHUTDOWN): void {
    if (instance.state === 'shutting-down' || instance.state === 'terminated') return;
    if (instance.state === 'stopping' && this.#stuck.has(instance.instanceId)) {
      this.#stuck.set(instance.instanceId, () => {
        this.terminate(instance, reason);
      });
      return;
    }
    this.#leave(instance, 'shutting-down', reason);
    this.#leaveLater(instance, this.#parts.settings.shuttingDownSeconds, () => this.#end(instance));
  }

  /** A start comes to nothing: what was pending is stopped again. */
  undoStart(instance: MutableInstance, reason: StateReason): void {
    if (instance.state === 'pending') this.#leave(instance, 'stopped', reason);
  }

  /** sshd goes away and comes back; the state stays. */
  reboot(instance: MutableInstance): void {
    if (instance.state !== 'running') throw wrongState(instance, 'rebooted');
    this.#cancelComing(instance);
    this.#boot(instance);
  }

  /** The operating system powers off: what happens then is the instance's shutdown behaviour. */
  powerOff(instance: MutableInstance): void {
    if (instance.shutdownBehavior === 'terminate') this.terminate(instance, INSTANCE_INITIATED_SHUTDOWN);
    else this.stop(instance, INSTANCE_INITIATED_SHUTDOWN);
  }

  #run(instance: MutableInstance): void {
    this.#enter(instance, 'running');
    this.#boot(instance);
  }

  #boot(instance: MutableInstance): void {
    const { random, settings, timeline, observers } = this.#parts;
    instance.bootedAt = undefined;
    if (random.chance(settings.bootFailureProbability)) return;
    instance.consoleAt = timeline.now + random.between(...settings.consoleSeconds);
    this.#later(instance, settings.sshSeconds, () => {
      instance.bootedAt = timeline.now;
      observers.booted(instance);
    });
  }

  #leave(instance: MutableInstance, state: InstanceState, reason: StateReason): void {
    const { now } = this.#parts.timeline;
    instance.bootedAt = undefined;
    instance.transitionReason = reason.code === USER_INITIATED_SHUTDOWN.code ? userInitiated(now) : '';
    instance.stateReason = reason;
    this.#enter(instance, state);
  }

  #end(instance: MutableInstance): void {
    const { timeline, network, settings, instances } = this.#parts;
    network.giveBackAddress(instance.subnet.subnetId, instance.address);
    this.#enter(instance, 'terminated');
    timeline.after(settings.tagsFadeSeconds, () => {
      instance.tags = {};
    });
    timeline.after(settings.terminatedVisibleSeconds, () => instances.forget(instance.instanceId));
  }

  #enter(instance: MutableInstance, state: InstanceState): void {
    const { timeline, billing, observers, settings } = this.#parts;
    this.#cancelComing(instance);
    instance.state = state;
    instance.stateSince = timeline.now;
    const ratio = instance.market === 'spot' ? settings.spotPriceRatio : 1;
    billing.enter(instance, state, timeline.now, instance.type.dollarsPerHour * ratio);
    observers.state(instance, state);
  }

  /** The state it has just entered ends after its usual time, or when AWS lets it go. */
  #leaveLater(instance: MutableInstance, usual: SecondsRange, leave: () => void): void {
    const { delays, timeline } = this.#parts;
    const { state, stateSince } = instance;
    const stick = (seconds: number): void => {
      this.#stuck.set(instance.instanceId, leave);
      this.#later(instance, [seconds, seconds], () => {
        const next = this.#stuck.get(instance.instanceId) ?? leave;
        this.#stuck.delete(instance.instanceId);
        next();
      });
    };
    const stuck = delays.secondsOf(state, placeOf(instance));
    if (stuck !== undefined) {
      stick(stuck);
      return;
    }
    this.#later(instance, usual, () => {
      const more = delays.secondsOf(state, placeOf(instance), stateSince) ?? 0;
      const rest = stateSince + more - timeline.now;
      if (rest > 0) stick(rest);
      else leave();
    });
  }

  #later(instance: RegionInstance, range: SecondsRange, happen: () => void): void {
    const cancel = this.#parts.timeline.after(this.#parts.random.between(...range), happen);
    this.#coming.set(instance.instanceId, [...(this.#coming.get(instance.instanceId) ?? []), cancel]);
  }

  #cancelComing(instance: RegionInstance): void {
    for (const cancel of this.#coming.get(instance.instanceId) ?? []) cancel();
    this.#stuck.delete(instance.instanceId);
    this.#coming.delete(instance.instanceId);
  }
}

export const wrongState = (instance: RegionInstance, participle: string): RegionError =>
  new RegionError(
    'IncorrectInstanceState',
    `The instance '${instance.instanceId}' is not in a state from which it can be ${participle}: it is ${instance.state}.`,
  );
