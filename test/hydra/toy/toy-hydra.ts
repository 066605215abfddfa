/** Host and builders of the toy queue runner, on instances of the simulated region. */
import type { Exam } from '../../../lambdas/core/doctor/finding.ts';
import type { QueueMachine, StandingOffer } from '../../../lambdas/core/model/index.ts';
import type {
  Builders,
  Clock,
  HostQuestions,
  HostView,
  HydraHost,
  Identities,
  StoreUses,
  Wanted,
} from '../../../lambdas/ports.ts';
import type { Region } from '../../../local/world/region/region.ts';
import { hostNameOf } from './toy-dialect.ts';

interface Builder {
  readonly instanceId: string;
  isOpen: boolean;
  /** When each of its steps ends. */
  steps: readonly number[];
}

const SLOTS = 2;

export class ToyHydra implements HydraHost, Builders {
  /** Steps that wait, by how long each takes, in seconds. */
  waiting: number[] = [];
  built = 0;
  /** Steps whose builder went away with them. */
  lost = 0;
  readonly #region: Region;
  readonly #clock: Clock;
  readonly #builders = new Map<string, Builder>();
  #offered: readonly string[] | undefined;

  constructor(region: Region, clock: Clock) {
    this.#region = region;
    this.#clock = clock;
  }

  /** Lets builders dial in, drop out, finish steps and take others. */
  advance(): void {
    const now = this.#clock.now();
    const running = this.#region.instances.visible(now).filter(({ bootedAt }) => bootedAt !== undefined);
    for (const builder of this.#builders.values()) {
      const done = builder.steps.filter((end) => end <= now);
      this.built += done.length;
      builder.steps = builder.steps.filter((end) => end > now);
    }
    for (const [name, { instanceId, steps }] of this.#builders) {
      if (running.some((instance) => instance.instanceId === instanceId)) continue;
      this.lost += steps.length;
      this.#builders.delete(name);
    }
    for (const { instanceId } of running) {
      const name = hostNameOf({ instanceId });
      if (!this.#builders.has(name)) this.#builders.set(name, { instanceId, isOpen: true, steps: [] });
    }
    for (const builder of this.#builders.values()) this.#dispatch(builder, now);
  }

  #dispatch(builder: Builder, now: number): void {
    while (builder.isOpen && builder.steps.length < SLOTS) {
      const seconds = this.waiting.shift();
      if (seconds === undefined) return;
      builder.steps = [...builder.steps, now + seconds];
    }
  }

  look({ candidates }: HostQuestions): Promise<HostView> {
    this.advance();
    const at = this.#clock.now();
    const builders = [...this.#builders];
    const running = builders.reduce((sum, [, { steps }]) => sum + steps.length, 0);
    const system = 'x86_64-linux';
    const offer = this.#standing();
    return Promise.resolve({
      queue: {
        trusted: true,
        at,
        runnerStartedAt: at - 86_400,
        // Nothing of features.
        demand: [{ key: system, system, runnable: this.waiting.length, running }],
        machines: new Map(builders.map(([name, builder]) => [name, shown(name, builder)])),
      },
      ...(offer && { offer }),
      readiness: candidates.map(({ machine: { instanceId } }) => ({
        instanceId,
        reached: this.#builders.has(hostNameOf({ instanceId })),
        detail: '',
      })),
    });
  }

  /** Opens the builders that are offered, and closes the others; those that come later are open at first. */
  offer({ offers }: Wanted): Promise<StandingOffer> {
    this.advance();
    const names = offers.map(({ machine }) => hostNameOf(machine));
    for (const [name, builder] of this.#builders) builder.isOpen = names.includes(name);
    this.#offered = names;
    this.advance();
    return Promise.resolve(this.#standing() ?? { digest: '', seen: { at: 0, hostAt: 0 } });
  }

  inspect(): Promise<Exam> {
    return Promise.resolve(() => []);
  }

  identities(): Promise<Identities> {
    return Promise.resolve({ identities: new Map(), problems: [] });
  }

  storeUse(): Promise<StoreUses> {
    return Promise.resolve({ uses: new Map(), problems: [] });
  }

  #standing(): StandingOffer | undefined {
    const at = this.#clock.now();
    return this.#offered && { digest: this.#offered.toSorted().join(), seen: { at, hostAt: at } };
  }
}

const shown = (key: string, { isOpen, steps }: Builder): QueueMachine => ({
  key,
  offered: isOpen,
  currentJobs: steps.length,
  consecutiveFailures: 0,
});
