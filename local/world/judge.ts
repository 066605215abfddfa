/**
 * Watches the world, not the autoscaler's own account of it, and notes every rule that is broken: machines killed at
 * work, caps exceeded, files the queue runner would refuse. It shares no code with the plan.
 */
import type { Config } from '../../lambdas/core/config/config.ts';
import { FARM_TAG, TYPE_TAG, typeFromTagValue } from '../../lambdas/adapters/tags.ts';
import type { Ledger } from './ledger.ts';
import type { RegionInstance } from './region/instance.ts';
import type { ApiCall } from './region/observers.ts';
import type { Region } from './region/region.ts';

export interface Violation {
  /** Of the design's eight. */
  readonly rule: number;
  /** Epoch seconds. */
  readonly at: number;
  readonly what: string;
}

export class Judge {
  readonly violations: Violation[] = [];
  /** Instances that were asked to terminate, and were. */
  terminations = 0;
  readonly #region: Region;
  readonly #config: Config;
  readonly #ledger: Ledger;
  /** Steps on instances that have begun to end, until it is known whether a call of ours asked for it. */
  readonly #endedAtWork = new Map<string, number>();

  constructor(region: Region, config: Config, ledger: Ledger) {
    this.#region = region;
    this.#config = config;
    this.#ledger = ledger;
  }

  watch(): void {
    this.#region.observe({
      state: (_instance, state) => {
        if (state === 'pending') this.#checkCaps();
      },
      call: (call) => {
        this.#note(call);
      },
    });
  }

  /** Called when an instance begins to end, before its builder dies. */
  ends(instance: RegionInstance): void {
    const steps = this.#ledger.at(instance.address).length;
    if (steps > 0 && !instance.interrupted) this.#endedAtWork.set(instance.instanceId, steps);
  }

  /** Only ends that a call asked for are ours; others are AWS's doing, or a person's. */
  #note({ action, input, errorCode }: ApiCall): void {
    if (errorCode !== undefined || (action !== 'TerminateInstances' && action !== 'StopInstances')) return;
    const ids: unknown =
      typeof input === 'object' && input !== null && 'InstanceIds' in input ? input.InstanceIds : [];
    for (const id of Array.isArray(ids) ? ids.map(String) : []) {
      if (action === 'TerminateInstances') this.terminations += 1;
      const steps = this.#endedAtWork.get(id);
      if (steps !== undefined) this.#violate(2, `${id} was ended with ${steps} steps at work on it`);
      this.#endedAtWork.delete(id);
    }
  }

  #checkCaps(): void {
    const alive = this.#region.instances.all.filter(
      ({ state, tags }) =>
        tags[FARM_TAG] === this.#config.tag && ['pending', 'running', 'stopping'].includes(state),
    );
    const { maxTotalMachines, machineTypes } = this.#config;
    if (alive.length > maxTotalMachines)
      this.#violate(3, `${alive.length} machines, but maxTotalMachines is ${maxTotalMachines}`);
    for (const { key, maxMachines } of machineTypes) {
      const count = alive.filter(({ tags }) => typeFromTagValue(tags[TYPE_TAG] ?? '') === key).length;
      if (count > maxMachines)
        this.#violate(3, `${count} machines of ${key}, but maxMachines is ${maxMachines}`);
    }
  }

  #violate(rule: number, what: string): void {
    this.violations.push({ rule, at: this.#region.timeline.now, what });
  }
}
