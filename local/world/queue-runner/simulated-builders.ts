import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import type { BuilderNetwork, BuilderConnection } from './builder-network.ts';
import { SimulatedConnection, type BuilderState, type ConnectionHost } from './builder-connection.ts';
import { Timings } from './timings.ts';

interface SimulatedBuilder extends ConnectionHost {
  state: BuilderState;
  features: ReadonlySet<string> | undefined;
}

/** Builders by address. An address nobody ever used refuses, as an unknown host name does. */
export class SimulatedBuilders implements BuilderNetwork {
  readonly #timeline: Timeline;
  readonly #timings: Timings;
  readonly #builders = new Map<string, SimulatedBuilder>();

  constructor(timeline: Timeline, random: Random) {
    this.#timeline = timeline;
    this.#timings = new Timings(random);
  }

  open(address: string, lost: () => void): BuilderConnection {
    return new SimulatedConnection(this.#at(address), lost);
  }

  /** sshd runs and answers. A machine that vanished from this address before does not come back by it. */
  start(address: string): void {
    this.#at(address).state = 'up';
  }

  /** sshd and all its connections die; the address refuses from now on. */
  kill(address: string): void {
    const builder = this.#at(address);
    builder.state = 'down';
    for (const connection of builder.connections) connection.die();
  }

  /** Everything on it stands still; the kernel still accepts connections. */
  freeze(address: string): void {
    const builder = this.#at(address);
    builder.state = 'silent';
    for (const connection of builder.connections) connection.freeze();
  }

  /** Undoes a freeze: nothing is lost, late builds end at once. */
  thaw(address: string): void {
    const builder = this.#at(address);
    builder.state = 'up';
    for (const connection of builder.connections) connection.thaw();
  }

  /** It is gone without closing a connection: its connections hang until TCP gives up, new ones time out. */
  vanish(address: string): void {
    const builder = this.#at(address);
    builder.state = 'silent';
    for (const connection of builder.connections) connection.vanish();
    builder.connections.clear();
  }

  /** Limits what the builder's own Nix offers, whatever the machines file claims; undefined lifts the limit. */
  setFeatures(address: string, features: readonly string[] | undefined): void {
    this.#at(address).features = features === undefined ? undefined : new Set(features);
  }

  #at(address: string): SimulatedBuilder {
    const known = this.#builders.get(address);
    if (known !== undefined) return known;
    const builder: SimulatedBuilder = {
      timeline: this.#timeline,
      timings: this.#timings,
      state: 'down',
      features: undefined,
      connections: new Set(),
    };
    this.#builders.set(address, builder);
    return builder;
  }
}
