/** A Hydra host in memory: it says what it is told to say, keeps what it is offered, and can be made to fail. */
import type { Exam } from '../../lambdas/core/doctor/finding.ts';
import type { Offer } from '../../lambdas/core/life/dialect.ts';
import type { StandingOffer, QueueStatus, RunnerKind } from '../../lambdas/core/model/index.ts';
import { OfferError } from '../../lambdas/ports.ts';
import type { Clock, HostQuestions, HostView, HydraHost, Wanted } from '../../lambdas/ports.ts';

export class FakeHost implements HydraHost {
  /** What the queue runner would say next, by the host's clock. */
  queue: (hostNow: number) => QueueStatus;
  /** Which queue runner answers; undefined where that cannot be told. */
  runner: RunnerKind | undefined;
  /** Machines that the queue runner could use. */
  readonly reachable = new Set<string>();
  /** Undefined before anything was offered. */
  offers: readonly Offer[] | undefined;
  /** How often something was offered, the same again included. */
  writes = 0;
  /** What is offered there names no farm, as with older versions. */
  isUnnamed = false;
  readonly #clock: Clock;
  readonly #skew: number;
  #offerFails = false;

  /** @param skew how far the host's clock is ahead, in seconds. */
  constructor(clock: Clock, queue: (hostNow: number) => QueueStatus, skew = 0) {
    this.#clock = clock;
    this.queue = queue;
    this.#skew = skew;
  }

  /** The next offer cannot be verified, and has not happened. */
  failNextOffer(): void {
    this.#offerFails = true;
  }

  look({ candidates, hasOffered }: HostQuestions): Promise<HostView> {
    const queue = this.queue(this.#hostNow());
    if (!queue.trusted && queue.cause === 'unreachable') return Promise.resolve({ queue, readiness: [] });
    const offer = this.#standing();
    return Promise.resolve({
      queue,
      ...(this.runner !== undefined && { runner: this.runner }),
      ...(this.isUnnamed && !hasOffered
        ? { unofferable: { says: 'what is offered there does not say for which farm' } }
        : offer && { offer }),
      readiness: candidates.map(({ machine: { instanceId } }) => {
        const reached = this.reachable.has(instanceId);
        return { instanceId, reached, detail: reached ? '' : 'no route to host' };
      }),
    });
  }

  offer({ offers, standing: current, nudge }: Wanted): Promise<StandingOffer> {
    if (this.#offerFails) {
      this.#offerFails = false;
      return Promise.reject(new OfferError({ says: 'the agent did not answer' }));
    }
    if (this.isUnnamed && current?.digest !== this.#standing()?.digest)
      return Promise.reject(new OfferError({ says: 'it does not say for which farm' }));
    this.isUnnamed = false;
    if (current?.digest === sumOf(offers) && !nudge) return Promise.resolve(current);
    this.offers = offers;
    this.writes += 1;
    return Promise.resolve({ digest: sumOf(offers), seen: this.#seen() });
  }

  inspect(): Promise<Exam> {
    return Promise.resolve(() => []);
  }

  #standing(): StandingOffer | undefined {
    return this.offers === undefined ? undefined : { digest: sumOf(this.offers), seen: this.#seen() };
  }

  #hostNow(): number {
    return this.#clock.now() + this.#skew;
  }

  #seen(): StandingOffer['seen'] {
    return { at: this.#clock.now(), hostAt: this.#hostNow() };
  }
}

/** Not a checksum, but as good as one here: equal for equal offers only. */
const sumOf = (offers: readonly Offer[]): string =>
  JSON.stringify(
    offers.map(({ machine: { instanceId, address, identity }, type }) => [
      instanceId,
      address,
      identity,
      type,
    ]),
  );
