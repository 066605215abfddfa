/** One farm with everything around the function in memory, tick after tick. */
import type { Config } from '../../lambdas/core/config/config.ts';
import type { Decision, FarmState } from '../../lambdas/core/model/index.ts';
import type { TickTerms } from '../../lambdas/reconcile/lease.ts';
import { reconcile } from '../../lambdas/reconcile/reconcile.ts';
import type { Summary } from '../../lambdas/core/account/summary.ts';
import type { Reporter } from '../../lambdas/ports.ts';
import { MemoryStateStore } from '../../local/world/ports/memory-state-store.ts';
import { HOST_KEY, LINUX, NOW, aConfig, aType } from '../core/given.ts';
import { dialects } from '../../lambdas/hydra/dialects.ts';
import { FakeBuilders } from '../fakes/builders.ts';
import { FakeFleet } from '../fakes/fleet.ts';
import { FakeHost } from '../fakes/host.ts';
import { ImpatientClock } from '../fakes/impatient-clock.ts';
import { ToyRunner } from '../fakes/toy-runner.ts';

export const TYPE = aType(LINUX, { billing: 'per-second', maxMachines: 4, publicHostKey: HOST_KEY });

export class Told implements Reporter {
  readonly decisions: Decision[] = [];
  readonly problems: string[] = [];
  readonly measured: Readonly<Record<string, number>>[] = [];

  decision(decision: Decision): void {
    this.decisions.push(decision);
  }

  problem(what: string): void {
    this.problems.push(what);
  }

  metrics(metrics: Readonly<Record<string, number>>): void {
    this.measured.push(metrics);
  }
}

export class Bench {
  readonly clock = new ImpatientClock(NOW);
  readonly store = new MemoryStateStore();
  readonly dialects = dialects;
  readonly fleet = new FakeFleet(this.clock);
  readonly builders = new FakeBuilders();
  readonly runner = new ToyRunner(NOW);
  readonly told = new Told();
  readonly host: FakeHost;
  /** Runnable steps, each worth a machine. */
  runnable = 0;
  /** Whether the Hydra host reaches new machines. */
  isReachable = true;
  #ticks = 0;

  constructor() {
    this.host = new FakeHost(this.clock, (hostNow) => this.#status(hostNow));
  }

  /** Runs one tick that has `seconds` until its deadline. */
  async tick(
    config: Config = aConfig([TYPE]),
    seconds = 280,
    terms: Partial<TickTerms> = {},
  ): Promise<Summary> {
    this.#ticks += 1;
    const own = { holder: `tick-${this.#ticks}`, deadline: this.clock.now() + seconds };
    return reconcile(this, config, this.told, { ...own, ...terms });
  }

  state(): Promise<FarmState> {
    return this.store.load(this.clock.now());
  }

  /** Instances that cost money. */
  get running(): readonly string[] {
    return [...this.fleet.instances.values()]
      .filter(({ state }) => state === 'running')
      .map(({ instanceId }) => instanceId);
  }

  #status(hostNow: number) {
    for (const id of this.fleet.instances.keys()) {
      if (this.isReachable) this.host.reachable.add(id);
    }
    const addresses = (this.host.offers ?? []).map(({ machine }) => machine.address ?? '');
    this.runner.advance(hostNow, new Set(addresses), false);
    return this.runner.status(hostNow, {
      runnable: this.runnable,
      tellsCopies: true,
      copiesElsewhere: 0,
      isTorn: false,
    });
  }
}
