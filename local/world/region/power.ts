/** Start, stop, reboot and terminate: all ids of one call, or none. */
import type { Timeline } from '../timeline.ts';
import { insufficientCapacity, type Capacity } from './capacity.ts';
import { RegionError } from './errors.ts';
import type { InstanceState, MutableInstance, RegionInstance } from './instance.ts';
import type { Instances } from './instances.ts';
import { wrongState, type Lifecycle } from './lifecycle.ts';
import { placeOf } from './selector.ts';

/** What a call changed on one instance. */
export interface StateChange {
  readonly instance: RegionInstance;
  readonly before: InstanceState;
}

export interface PowerParts {
  readonly timeline: Timeline;
  readonly capacity: Capacity;
  readonly instances: Instances;
  readonly lifecycle: Lifecycle;
}

export class Power {
  readonly #parts: PowerParts;

  constructor(parts: PowerParts) {
    this.#parts = parts;
  }

  /** A stopped instance is bound to its pool: it can meet `InsufficientInstanceCapacity`. @throws RegionError */
  start(instanceIds: readonly string[]): readonly StateChange[] {
    return this.#change(instanceIds, {
      check: (instances) => {
        for (const instance of instances) this.#checkStart(instance);
        this.#checkRoom(instances.filter(({ state }) => state === 'stopped'));
      },
      apply: (instance) => {
        if (instance.state === 'stopped') this.#parts.lifecycle.begin(instance);
      },
    });
  }

  /** @throws RegionError `UnsupportedOperation` for a spot instance, `IncorrectInstanceState` for a wrong state */
  stop(instanceIds: readonly string[]): readonly StateChange[] {
    const { lifecycle } = this.#parts;
    return this.#change(instanceIds, {
      check: (instances) => {
        instances.forEach(checkStop);
      },
      apply: (instance) => lifecycle.stop(instance),
    });
  }

  reboot(instanceIds: readonly string[]): readonly StateChange[] {
    const { lifecycle } = this.#parts;
    return this.#change(instanceIds, {
      check: (instances) => {
        const other = instances.find(({ state }) => state !== 'running');
        if (other !== undefined) throw wrongState(other, 'rebooted');
      },
      apply: (instance) => lifecycle.reboot(instance),
    });
  }

  /** Termination protection of one spares all of its zone; here, as in one zone, all of the call. @throws RegionError */
  terminate(instanceIds: readonly string[]): readonly StateChange[] {
    const { lifecycle } = this.#parts;
    return this.#change(instanceIds, {
      check: (instances) => {
        const kept = instances.find((instance) => instance.terminationProtected);
        if (kept !== undefined) throw terminationProtected(kept);
      },
      apply: (instance) => lifecycle.terminate(instance),
    });
  }

  #change(
    instanceIds: readonly string[],
    change: {
      readonly check: (instances: readonly RegionInstance[]) => void;
      readonly apply: (instance: MutableInstance) => void;
    },
  ): readonly StateChange[] {
    const instances = this.#parts.instances.require(instanceIds, this.#parts.timeline.now);
    change.check(instances);
    return instances.map((instance) => {
      const before = instance.state;
      change.apply(instance);
      return { instance, before };
    });
  }

  #checkStart(instance: RegionInstance): void {
    if (
      instance.state === 'stopping' ||
      instance.state === 'shutting-down' ||
      instance.state === 'terminated'
    ) {
      throw wrongState(instance, 'started');
    }
  }

  #checkRoom(stopped: readonly RegionInstance[]): void {
    const { capacity, instances } = this.#parts;
    const asked = new Map<string, number>();
    for (const instance of stopped) {
      const pool = placeOf(instance);
      const key = [pool.instanceType, pool.zone, pool.market].join(' ');
      const before = asked.get(key) ?? 0;
      if (capacity.room(pool, instances.placedIn(pool) + before) < 1) throw insufficientCapacity(pool);
      asked.set(key, before + 1);
    }
  }
}

function checkStop(instance: RegionInstance): void {
  if (instance.market === 'spot') {
    throw new RegionError(
      'UnsupportedOperation',
      `You can't stop the Spot Instance '${instance.instanceId}' because it is associated with a one-time Spot Instance request. ` +
        'You can only stop Spot Instances associated with persistent Spot Instance requests.',
    );
  }
  if (!['running', 'stopping', 'stopped'].includes(instance.state)) throw wrongState(instance, 'stopped');
}

const terminationProtected = ({ instanceId }: RegionInstance): RegionError =>
  new RegionError(
    'OperationNotPermitted',
    `The instance '${instanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  );
