/** Managed nodes: the Hydra host, and every EC2 instance some time after it has booted. */
import type { EpochSeconds } from '../../../../lambdas/core/model/index.ts';
import type { Random } from '../../random.ts';
import type { Timeline } from '../../timeline.ts';
import type { RegionInstance } from '../instance.ts';
import type { Instances } from '../instances.ts';
import type { Tags } from '../launch-parameters.ts';
import type { Observers } from '../observers.ts';
import type { RegionSettings } from '../settings.ts';

/** `deaf`: the service still believes in the agent, but nothing reaches it or comes from it. */
export type AgentState = 'online' | 'deaf' | 'lost';

/** A managed node that has been there since before. */
export interface SeedNode {
  /** `i-…` or `mi-…`. */
  readonly instanceId: string;
  readonly name?: string;
  readonly address?: string;
  readonly tags?: Tags;
}

export interface ManagedNode {
  readonly instanceId: string;
  readonly name: string;
  readonly address: string;
  readonly tags: Tags;
  readonly agent: AgentState;
  readonly registeredAt: EpochSeconds;
  /** Last sign of life; the present while it is online. */
  readonly lastPingAt: EpochSeconds;
}

export interface NodeParts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly settings: RegionSettings;
  readonly instances: Instances;
  readonly observers: Observers;
}

export interface NodeListener {
  /** The agent can be reached (again). */
  readonly online: (instanceId: string) => void;
  /** The machine under the agent has stopped; whatever ran there is dead. */
  readonly gone: (instanceId: string) => void;
}

export class Nodes {
  readonly #parts: NodeParts;
  readonly #nodes = new Map<string, ManagedNode>();
  #listener: NodeListener | undefined;

  constructor(parts: NodeParts, seeds: readonly SeedNode[]) {
    this.#parts = parts;
    for (const seed of seeds) this.#register(seed);
    parts.observers.add({
      booted: (instance) => this.#booted(instance),
      state: (instance, state) => {
        if (state === 'stopping' || state === 'shutting-down') this.#gone(instance.instanceId);
      },
    });
  }

  listen(listener: NodeListener): void {
    this.#listener = listener;
  }

  get all(): readonly ManagedNode[] {
    return [...this.#nodes.values()].map((node) => this.#seenNow(node));
  }

  find(instanceId: string): ManagedNode | undefined {
    const node = this.#nodes.get(instanceId);
    return node === undefined ? undefined : this.#seenNow(node);
  }

  /** Lets an agent fall silent or come back. @throws RangeError for a node that is not registered */
  setAgent(instanceId: string, agent: AgentState): void {
    const node = this.find(instanceId);
    if (node === undefined) throw new RangeError(`${instanceId} is no managed node`);
    this.#nodes.set(instanceId, { ...node, agent, lastPingAt: this.#parts.timeline.now });
    if (agent === 'online') this.#listener?.online(instanceId);
  }

  setTags(instanceId: string, tags: Tags): void {
    const node = this.#nodes.get(instanceId);
    if (node !== undefined) this.#nodes.set(instanceId, { ...node, tags });
  }

  #booted(instance: RegionInstance): void {
    const { timeline, random, settings } = this.#parts;
    const { instanceId, address, bootedAt } = instance;
    timeline.after(random.between(...settings.ssmRegistrationSeconds), () => {
      const isSameBoot = bootedAt !== undefined && instance.bootedAt === bootedAt;
      if (!isSameBoot || this.#nodes.has(instanceId)) return;
      this.#register({ instanceId, address });
      this.#listener?.online(instanceId);
    });
  }

  #register({ instanceId, name, address, tags }: SeedNode): void {
    const { now } = this.#parts.timeline;
    this.#nodes.set(instanceId, {
      instanceId,
      name: name ?? (address === undefined ? 'hydra' : `ip-${address.replaceAll('.', '-')}`),
      address: address ?? '10.0.0.4',
      tags: tags ?? {},
      agent: 'online',
      registeredAt: now,
      lastPingAt: now,
    });
  }

  #gone(instanceId: string): void {
    if (this.#nodes.delete(instanceId)) this.#listener?.gone(instanceId);
  }

  /** EC2 instances are tagged in EC2, and an online agent has just been heard. */
  #seenNow(node: ManagedNode): ManagedNode {
    const instance = this.#parts.instances.find(node.instanceId);
    const lastPingAt = node.agent === 'online' ? this.#parts.timeline.now : node.lastPingAt;
    return { ...node, lastPingAt, tags: { ...node.tags, ...instance?.tags } };
  }
}
