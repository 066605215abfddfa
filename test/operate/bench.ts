/** The function in one process on a simulated world, in virtual time: send it events, let time pass, look. */
import { checkConfig } from '../../lambdas/config-file/config-file.ts';
import { suggest } from '../../lambdas/config-file/suggest.ts';
import type { Config } from '../../lambdas/core/config/config.ts';
import { answer } from '../../lambdas/reconcile/answer.ts';
import type { Answer, Workplace } from '../../lambdas/reconcile/answer.ts';
import type { Reporter } from '../../lambdas/ports.ts';
import { InProcessActivity } from '../../local/world/drive/in-process-activity.ts';
import { answerOf } from '../../local/world/drive/lambda.ts';
import type { MemoryJournal } from '../../local/world/ports/memory-journal.ts';
import type { MemoryStateStore } from '../../local/world/ports/memory-state-store.ts';
import { plainPorts } from '../../local/world/ports/plain-ports.ts';
import { fileInMemory, Stage } from '../../local/world/stage.ts';
import type { WorldOptions } from '../../local/world/world.ts';

export const START = 1_800_000_000;
export const TYPE = 'x86_64-linux';
export const KVM = 'x86_64-linux:kvm';
export const TICK = { tick: true };

const written = {
  tag: 'operate-test',
  host: { instanceId: 'mi-0123456789abcdef0', user: 'hydra-queue-runner' },
  systemTypes: {
    [TYPE]: { maxMachines: 4, runnablesPerMachine: 2, maxJobs: 2, billing: 'per-second', gracePeriod: 300 },
    [KVM]: { maxMachines: 2, runnablesPerMachine: 2, maxJobs: 2, billing: 'hourly' },
  },
};

/** What one tick measured, and when it told. */
export interface Measured {
  readonly at: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Which queue runner the host has, and how it is set up. */
export type HydraOptions = Pick<WorldOptions, 'runnerKind' | 'runner' | 'rustRunner'>;

export class OperateBench extends Stage {
  readonly config: Config;
  readonly store: MemoryStateStore;
  readonly journal: MemoryJournal;
  readonly measured: Measured[] = [];
  /** What was reported as a problem, with its reason. */
  readonly problems: string[] = [];
  readonly workplace: Workplace & { readonly ports: ReturnType<typeof plainPorts> };
  readonly #reporter: Reporter = {
    decision: () => undefined,
    problem: (what, { says }) => void this.problems.push(`${what}: ${String(says)}`),
    metrics: (metrics) => void this.measured.push({ at: this.now, metrics }),
  };

  constructor(changes: Readonly<Record<string, unknown>> = {}, hydra: HydraOptions = {}) {
    const config = checkConfig('the test', { ...written, ...changes });
    super({
      ...{ seed: 5, start: START, config },
      ...hydra,
      file: fileInMemory(),
      activity: new InProcessActivity(),
      invoke: (event, requestId, remaining) =>
        answer(this.workplace, event, { requestId, nonce: '1', remainingSeconds: remaining() }),
    });
    const ports = plainPorts(this);
    this.config = config;
    this.store = ports.store;
    this.journal = ports.journal;
    this.workplace = { config, reporter: this.#reporter, suggest, ports };
    this.world.runner.start();
  }

  override pass(seconds: number): Promise<void> {
    this.activity.enter();
    return super.pass(seconds);
  }

  /** Sends an event without waiting for the answer. */
  async send(event: unknown): Promise<Answer> {
    return answerOf(await this.lambda.invoke(event));
  }

  override ask(event: unknown, seconds = 280): Promise<Answer> {
    return super.ask(event, seconds);
  }

  /** Ticks, each followed by the rest of its period. */
  async ticks(count: number): Promise<void> {
    for (let tick = 0; tick < count; tick++) await this.ask(TICK, 300);
  }

  /** A farm that has settled: builds queued, and so many ticks later. */
  async busyFarm(builds: { readonly count: number; readonly seconds: number }, ticks = 2): Promise<void> {
    await this.pass(120);
    await this.ticks(1);
    this.world.runner.queue({ ...builds, system: 'x86_64-linux' });
    await this.ticks(ticks);
  }

  async machines(): Promise<Readonly<Record<string, string>>> {
    const { machines } = await this.store.load(this.now);
    return Object.fromEntries(machines.map(({ instanceId, phase }) => [instanceId, phase]));
  }

  /** The id of the first machine. */
  async firstMachine(): Promise<string> {
    const [id] = Object.keys(await this.machines());
    if (id === undefined) throw new Error('there is no machine');
    return id;
  }
}
