/** SSM and the Hydra host on a bad day. What arrives of the status is decided in `status-faults.ts`. */
import type { Exam } from '../../../../lambdas/core/doctor/finding.ts';
import type { VerifiedOffer } from '../../../../lambdas/core/life/dialect.ts';
import type { Readiness, UntrustedStatus } from '../../../../lambdas/core/model/index.ts';
import { OfferError } from '../../../../lambdas/ports.ts';
import type { Clock, HostQuestions, HostView, HydraHost, Wanted } from '../../../../lambdas/ports.ts';
import type { MachinesFileInMemory } from '../../../world/queue-runner/machines-file.ts';
import type { Timeline } from '../../../world/timeline.ts';
import { probesOf } from '../../../../lambdas/hydra/cpp/host-probes.ts';
import type { Chaos } from '../chaos.ts';

/** SSM gives a command up that no agent has taken for this long. */
const DELIVERY_SECONDS = 30;
const EXECUTION_SECONDS = 45;
const LATE_SECONDS_MAX = 40;

export interface FaultyHostParts {
  readonly inner: HydraHost;
  readonly file: MachinesFileInMemory;
  readonly timeline: Timeline;
  readonly chaos: Chaos;
  readonly clock: Clock;
  /** Called whenever our machines file may just have been written by us. */
  readonly written: () => void;
  /** Called when the answer of a look has arrived. */
  readonly arrived: () => void;
}

const untrusted = (cause: UntrustedStatus['cause'], says: string): HostView => ({
  queue: { trusted: false, cause, says },
  readiness: [],
});

export class FaultyHost implements HydraHost {
  /** Only while it is up can it be asked anything. */
  isUp = true;
  /** While it is full nothing can be written. */
  isDiskFull = false;
  readonly #parts: FaultyHostParts;

  constructor(parts: FaultyHostParts) {
    this.#parts = parts;
  }

  async look(questions: HostQuestions): Promise<HostView> {
    const { chaos, clock, inner } = this.#parts;
    if (!this.isUp || chaos.strikes('command-undelivered')) {
      await clock.sleep(DELIVERY_SECONDS);
      return untrusted('unreachable', 'the command was not delivered');
    }
    if (chaos.strikes('command-timed-out')) {
      await clock.sleep(EXECUTION_SECONDS);
      return untrusted('failed', 'the command was killed after its time');
    }
    const view = await inner.look({
      ...questions,
      candidates: questions.candidates.filter(
        (candidate) => probesOf([candidate]).length === 0 || !chaos.strikes('probe-lost'),
      ),
    });
    if (chaos.strikes('command-late'))
      await clock.sleep(chaos.luckOf('command-late').between(1, LATE_SECONDS_MAX));
    if (chaos.strikes('command-reply-lost')) return untrusted('unreachable', 'the answer was lost');
    if (chaos.strikes('command-truncated')) return untrusted('unreadable', 'the answer is cut off');
    this.#parts.arrived();
    return { ...view, readiness: view.readiness.map((probe) => this.#probed(probe)) };
  }

  #probed(probe: Readiness): Readiness {
    if (!probe.reached || !this.#parts.chaos.strikes('probe-fails')) return probe;
    return { ...probe, reached: false, detail: 'Connection timed out during banner exchange' };
  }

  /** No tick asks for it. */
  inspect(): Promise<Exam> {
    return this.#parts.inner.inspect();
  }

  /** What is offered to the Rust queue runner goes to its builders, not by the host: {@link FaultyGates}. */
  async offer(wanted: Wanted): Promise<VerifiedOffer> {
    if (wanted.runner === 'rust') return this.#parts.inner.offer(wanted);
    const { chaos, clock, inner, written } = this.#parts;
    await this.#meet();
    if (chaos.strikes('command-late'))
      await clock.sleep(chaos.luckOf('command-late').between(1, DELIVERY_SECONDS));
    const published = await inner.offer(wanted);
    written();
    if (chaos.strikes('command-twice')) this.#again();
    if (chaos.strikes('command-reply-lost'))
      throw new OfferError({ says: 'whether the machines file is in place is not known' });
    return published;
  }

  /** @throws OfferError when the file stays as it was. */
  async #meet(): Promise<void> {
    const { chaos, clock } = this.#parts;
    if (!this.isUp || chaos.strikes('command-undelivered')) {
      await clock.sleep(DELIVERY_SECONDS);
      throw new OfferError({ says: 'the command was not delivered' });
    }
    if (chaos.strikes('command-timed-out')) {
      await clock.sleep(EXECUTION_SECONDS);
      throw new OfferError({ says: 'the command was killed after its time' });
    }
    if (this.isDiskFull || chaos.strikes('file-write-fails'))
      throw new OfferError({ says: 'mktemp: No space left on device' });
  }

  /** The agent got the command twice and runs it once more, after what has been published since. */
  #again(): void {
    const { chaos, file, timeline, written } = this.#parts;
    const text = file.read();
    timeline.after(chaos.luckOf('command-twice').between(0, DELIVERY_SECONDS), () => {
      file.replace(text);
      written();
    });
  }
}
