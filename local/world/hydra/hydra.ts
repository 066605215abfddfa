/** A Hydra as the world holds it, whichever queue runner it has. */
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { RunnerKind } from '../../../lambdas/core/model/index.ts';
import type { RegionInstance } from '../region/instance.ts';
import type { Build, BuildBatch } from './builds.ts';
import type { HydraDatabase } from './database.ts';

/** What either queue runner does and is told. */
export interface HydraRunner {
  /** What outlives its process, and the queue runner itself. */
  readonly database: HydraDatabase;
  readonly running: boolean;
  /** Builds that have not ended, oldest first. */
  readonly unfinishedBuilds: IterableIterator<Build>;
  /** @throws when it runs already. */
  start(): void;
  /** systemd stops it. */
  stop(): void;
  /** SIGKILL. */
  kill(): void;
  /** SIGSTOP. */
  hang(): void;
  /** SIGCONT. */
  resume(): void;
  /** PostgreSQL stops or starts. */
  setDatabaseReachable(reachable: boolean): void;
  /** Queues builds in one transaction and notifies the program. */
  queue(...batches: readonly BuildBatch[]): readonly Build[];
  /** Cancels builds; those that have ended stay as they are. */
  cancel(builds: readonly Build[]): void;
}

/** What befalls the builder at an address. */
export interface HydraBuilders {
  kill(address: string): void;
  freeze(address: string): void;
  thaw(address: string): void;
  /** It is gone without closing a connection. */
  vanish(address: string): void;
}

/** A queue runner and its builders, which live and die with instances. */
export interface Hydra {
  readonly kind: RunnerKind;
  readonly runner: HydraRunner;
  readonly builders: HydraBuilders;
  /** An instance has booted, and so does its builder. */
  booted(instance: RegionInstance, config: Config): void;
  /** An instance begins to end. */
  ended(instance: RegionInstance): void;
}
