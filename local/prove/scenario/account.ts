/** Counts what happens in the world while a scenario is played, by the world's own account, and sums it up at the end. */
import { FARM_TAG } from '../../../lambdas/aws/ec2/tags.ts';
import { workingLines } from '../../world/judge/machines-file-view.ts';
import type { InstanceState, RegionInstance } from '../../world/region/instance.ts';
import type { World } from '../../world/world.ts';
import type { Facts } from './facts.ts';

const HOUR_SECONDS = 3600;
const AT_WORK: ReadonlySet<InstanceState> = new Set(['pending', 'running', 'stopping']);
const COUNTED = {
  CreateFleet: 'launchCalls',
  StartInstances: 'startCalls',
  TerminateInstances: 'terminateCalls',
} as const;

export class Account {
  readonly #world: World;
  /** When the first builds arrive; undefined when none do. */
  readonly #firstQueuedAt: number | undefined;
  /** Instances that have borne the tag of a farm and are not terminated: people take tags off. */
  readonly #instances = new Map<string, RegionInstance>();
  readonly #calls = { launchCalls: 0, startCalls: 0, terminateCalls: 0 };
  readonly #launched = { spot: 0, 'on-demand': 0 };
  #machinesAtOnce = 0;
  #stoppedAtOnce = 0;
  #firstLaunchAt: number | undefined;
  #firstReadyAt: number | undefined;

  constructor(world: World, firstQueuedAt: number | undefined) {
    this.#world = world;
    this.#firstQueuedAt = firstQueuedAt;
    world.region.observe({
      state: (instance, state) => {
        this.#entered(instance, state);
      },
      call: ({ action }) => {
        const counter = COUNTED[action as keyof typeof COUNTED] as
          (typeof COUNTED)[keyof typeof COUNTED] | undefined;
        if (counter !== undefined) this.#calls[counter] += 1;
      },
    });
  }

  /** What is offered may have changed. */
  offersChanged(): void {
    if (this.#firstReadyAt !== undefined || !this.#hasBegun) return;
    if (this.#offered > 0) this.#firstReadyAt = this.#world.timeline.now;
  }

  /** @param ordersAtEnd orders of people that are remembered. */
  facts(ordersAtEnd: number): Facts {
    const { ledger, judge, hours } = this.#world;
    const { done: buildsDone, ended, lost, unfinished, running } = ledger;
    const waits = this.#waits();
    const total = waits.reduce((sum, seconds) => sum + seconds, 0);
    return {
      buildsDone,
      buildsLost: new Set(lost.map(({ build }) => build)).size,
      buildsAborted: ended['aborted'] ?? 0,
      buildsWaiting: unfinished - running,
      stepsRetriedByUs: judge.builds.retriedByUs,
      launches: this.#launched.spot + this.#launched['on-demand'],
      spotLaunches: this.#launched.spot,
      onDemandLaunches: this.#launched['on-demand'],
      ...this.#calls,
      machinesAtOnce: this.#machinesAtOnce,
      stoppedAtOnce: this.#stoppedAtOnce,
      instancesAtEnd: this.#instances.size,
      billedHours: rounded(hours.billed),
      busyHours: rounded(ledger.busyMachineSeconds / HOUR_SECONDS),
      longestWait: rounded(Math.max(0, ...waits)),
      meanWait: waits.length === 0 ? 0 : rounded(total / waits.length),
      firstLaunchAfter: this.#after(this.#firstLaunchAt),
      firstReadyAfter: this.#after(this.#firstReadyAt),
      violations: judge.violations.length,
      ordersAtEnd,
      linesAtEnd: this.#lines.length,
      offeredAtEnd: this.#offered,
    };
  }

  /** In seconds; of builds that have not started, so far. */
  #waits(): readonly number[] {
    const { ledger, runner, timeline } = this.#world;
    const waiting = [...runner.unfinishedBuilds].filter(({ tries }) => tries.length === 0);
    return [
      ...ledger.waits.map(({ seconds }) => seconds),
      ...waiting.map(({ queuedAt }) => timeline.now - queuedAt),
    ];
  }

  get #lines(): ReturnType<typeof workingLines> {
    const { machinesFile } = this.#world;
    return workingLines(machinesFile.stat() === undefined ? '' : machinesFile.read());
  }

  /** Machines that are up and that the queue runner may give work to. */
  get #offered(): number {
    const { offers, region } = this.#world;
    const isOffered = offers.now();
    return region.instances.all.filter((one) => one.bootedAt !== undefined && isOffered(one)).length;
  }

  get #hasBegun(): boolean {
    return this.#firstQueuedAt !== undefined && this.#world.timeline.now >= this.#firstQueuedAt;
  }

  #after(instant: number | undefined): number | null {
    return instant === undefined || this.#firstQueuedAt === undefined
      ? null
      : rounded(instant - this.#firstQueuedAt);
  }

  #entered(instance: RegionInstance, state: InstanceState): void {
    if (instance.tags[FARM_TAG] !== undefined) this.#instances.set(instance.instanceId, instance);
    const isNew = state === 'pending' && instance.firstLaunchedAt === instance.startedAt;
    if (isNew && this.#instances.has(instance.instanceId)) {
      this.#launched[instance.market] += 1;
      if (this.#hasBegun) this.#firstLaunchAt ??= this.#world.timeline.now;
    }
    if (state === 'terminated') this.#instances.delete(instance.instanceId);
    this.#machinesAtOnce = Math.max(
      this.#machinesAtOnce,
      this.#count((one) => AT_WORK.has(one.state)),
    );
    this.#stoppedAtOnce = Math.max(
      this.#stoppedAtOnce,
      this.#count((one) => one.state === 'stopped'),
    );
  }

  #count(fits: (instance: RegionInstance) => boolean): number {
    return [...this.#instances.values()].filter(fits).length;
  }
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
