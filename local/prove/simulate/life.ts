/** How long one invocation of the function lives, and ports that end with it: a dead function's calls never return. */
import type { Clock, Journal, Ports } from '../../../lambdas/ports.ts';

/** A moment at which the function can be killed: just before or just after a call of a port. */
export interface KillPoint {
  /** From 1 on, in the order they are reached. */
  readonly number: number;
  /** Such as `before store.save`. */
  readonly name: string;
}

/** The function was killed, by chance or by its time-out. */
export class KilledError extends Error {
  override readonly name = 'KilledError';
}

const never = (): Promise<never> => new Promise(() => undefined);

export class Life {
  readonly #kills: (point: KillPoint) => boolean;
  readonly #died = Promise.withResolvers<KillPoint>();
  #dead = false;
  #points = 0;

  /** @param kills whether the function dies here. */
  constructor(kills: (point: KillPoint) => boolean) {
    this.#kills = kills;
  }

  /** Resolves when it is killed, with where. */
  get death(): Promise<KillPoint> {
    return this.#died.promise;
  }

  /** Kill points reached so far. */
  get points(): number {
    return this.#points;
  }

  end(point: KillPoint): void {
    this.#dead = true;
    this.#died.resolve(point);
  }

  /** Goes on, or never does. */
  async pass(name: string): Promise<void> {
    if (this.#dead) await never();
    this.#points += 1;
    const point = { number: this.#points, name };
    if (!this.#kills(point)) return;
    this.end(point);
    await never();
  }

  /** The same ports, for this life. */
  ports({ dialects, host, watch, builders, fleet, store, clock, journal }: Ports): Ports {
    return {
      ...(journal === undefined ? {} : { journal: this.#journal(journal) }),
      dialects,
      host: this.#mortal('host', host),
      ...(watch === undefined ? {} : { watch: this.#mortal('watch', watch) }),
      builders: this.#mortal('builders', builders),
      fleet: this.#mortal('fleet', fleet),
      store: this.#mortal('store', store),
      clock: this.#clock(clock),
    };
  }

  #clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      sleep: async (seconds) => {
        await clock.sleep(seconds);
        await this.pass('after clock.sleep');
      },
    };
  }

  #journal(journal: Journal): Journal {
    return {
      append: async (entry) => {
        await this.#call('journal.append', () => journal.append(entry));
      },
      entries: (from, to) => journal.entries(from, to),
    };
  }

  #mortal<Port extends object>(name: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, method) => {
        const member: unknown = Reflect.get(target, method, target);
        if (typeof member !== 'function') return member;
        return (...parameters: unknown[]): Promise<unknown> =>
          this.#call(`${name}.${String(method)}`, () => Reflect.apply(member, target, parameters) as unknown);
      },
    });
  }

  async #call(name: string, send: () => unknown): Promise<unknown> {
    await this.pass(`before ${name}`);
    try {
      return await send();
    } finally {
      await this.pass(`after ${name}`);
    }
  }
}
