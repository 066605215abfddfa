import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import type { BuilderNetwork, BuilderConnection, Destination, Login } from './builder-network.ts';
import { SimulatedConnection, type BuilderState, type ConnectionHost } from './builder-connection.ts';
import { Timings } from './timings.ts';

interface SimulatedBuilder extends ConnectionHost {
  state: BuilderState;
  /** Undefined for one that lets in whoever comes to its address. */
  login: Login | undefined;
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

  /** Whoever comes to the wrong port, or as a user nobody has made, is refused. */
  open({ address, user }: Destination, lost: () => void): BuilderConnection {
    const [, host = address, port = '22'] = /^(.*):(\d+)$/.exec(address) ?? [];
    const known = this.#builders.get(host);
    if (known?.login === undefined) return new SimulatedConnection(this.#at(address), lost);
    const isLetIn = known.login.port === Number(port) && known.login.user === user;
    return new SimulatedConnection(isLetIn ? known : this.#nobody(), lost);
  }

  /** sshd runs and answers. A machine that vanished from this address before does not come back by it. */
  start(address: string, login?: Login): void {
    const builder = this.#at(address);
    builder.state = 'up';
    builder.login = login;
  }

  /** Whom it lets in; undefined for whoever comes, or nobody at all. */
  loginAt(address: string): Login | undefined {
    return this.#builders.get(address)?.login;
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
    const builder = this.#nobody();
    this.#builders.set(address, builder);
    return builder;
  }

  #nobody(): SimulatedBuilder {
    return {
      timeline: this.#timeline,
      timings: this.#timings,
      state: 'down',
      login: undefined,
      features: undefined,
      connections: new Set(),
    };
  }
}
