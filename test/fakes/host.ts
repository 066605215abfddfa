/** A Hydra host in memory: it says what it is told to say, keeps its machines file, and can be made to fail. */
import type { Result } from '../../lambdas/core/reason/result.ts';
import type { HostInspection } from '../../lambdas/hydra/cpp/doctor/inspection.ts';
import type { Listing, StandingOffer, QueueStatus } from '../../lambdas/core/model/index.ts';
import { PublishError } from '../../lambdas/ports.ts';
import type { Clock, HostView, HydraHost, ReadinessCheck } from '../../lambdas/ports.ts';

export class FakeHost implements HydraHost {
  /** What the queue runner would say next, by the host's clock. */
  queue: (hostNow: number) => QueueStatus;
  /** Machines that answer a probe. */
  readonly reachable = new Set<string>();
  /** The lines of the machines file; undefined before there was one. */
  lines: readonly Listing[] | undefined;
  /** How often the file was written, the same content again included. */
  writes = 0;
  /** The file that lies there names no farm, as those of older versions. */
  isUnnamed = false;
  readonly #clock: Clock;
  readonly #skew: number;
  #publishFails = false;

  /** @param skew how far the host's clock is ahead, in seconds. */
  constructor(clock: Clock, queue: (hostNow: number) => QueueStatus, skew = 0) {
    this.#clock = clock;
    this.queue = queue;
    this.#skew = skew;
  }

  /** The next publication cannot be verified, and has not happened. */
  failNextPublish(): void {
    this.#publishFails = true;
  }

  look(probes: readonly ReadinessCheck[]): Promise<HostView> {
    const queue = this.queue(this.#hostNow());
    if (!queue.trusted && queue.cause === 'unreachable') return Promise.resolve({ queue, readiness: [] });
    const file = this.#file();
    return Promise.resolve({
      queue,
      ...(file === undefined ? {} : { offer: file }),
      ...(this.isUnnamed && { isUnnamed: true }),
      readiness: probes.map(({ instanceId }) => {
        const reached = this.reachable.has(instanceId);
        return { instanceId, reached, detail: reached ? '' : 'no route to host' };
      }),
    });
  }

  publish(
    listings: readonly Listing[],
    current: StandingOffer | undefined,
    republish: boolean,
  ): Promise<StandingOffer> {
    if (this.#publishFails) {
      this.#publishFails = false;
      return Promise.reject(new PublishError({ says: 'the agent did not answer' }));
    }
    if (this.isUnnamed && current?.digest !== this.#file()?.digest)
      return Promise.reject(new PublishError({ says: 'it does not say for which farm' }));
    this.isUnnamed = false;
    if (current?.digest === sumOf(listings) && !republish) return Promise.resolve(current);
    this.lines = listings;
    this.writes += 1;
    return Promise.resolve({ digest: sumOf(listings), seen: this.#seen() });
  }

  inspect(): Promise<Result<HostInspection>> {
    return Promise.resolve({ ok: false, problem: { says: 'this fake has no files' } });
  }

  #file(): StandingOffer | undefined {
    return this.lines === undefined ? undefined : { digest: sumOf(this.lines), seen: this.#seen() };
  }

  #hostNow(): number {
    return this.#clock.now() + this.#skew;
  }

  #seen(): StandingOffer['seen'] {
    return { at: this.#clock.now(), hostAt: this.#hostNow() };
  }
}

/** Not a checksum, but as good as one here: equal for equal lines only. */
const sumOf = (listings: readonly Listing[]): string => JSON.stringify(listings);
