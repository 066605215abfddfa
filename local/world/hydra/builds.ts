/** What a step needs of a machine, and how the status counts it. One object per kind: compared by identity. */
export interface StepKind {
  readonly id: number;
  /** System, then `:` and the features, sorted; `local` among them for a step the queue runner's host could build. */
  readonly key: string;
  readonly system: string;
  readonly features: readonly string[];
  readonly preferLocal: boolean;
}

/** How a build ended. The numbers of Hydra's database: 0, 1, 3, 4, 9. */
export type BuildStatus = 'succeeded' | 'failed' | 'aborted' | 'cancelled' | 'unsupported';

/** How one try of a step ended; `lost` is one that a stop of the queue runner cut short: no retry is counted for it. */
export type TryOutcome =
  'running' | 'succeeded' | 'failed' | 'transient' | 'cancelled' | 'lost' | 'unsupported';

/** One try of a build's step. */
export interface Try {
  /** The machine's URI; empty where none was involved. */
  readonly machine: string;
  outcome: TryOutcome;
}

/** A batch of equal builds to put into the queue. */
export interface BuildBatch {
  /** How many. */
  readonly count: number;
  /** Nix system, or `builtin`. */
  readonly system: string;
  /** requiredSystemFeatures; none by default. */
  readonly features?: readonly string[];
  /** How long each builds. */
  readonly seconds: number;
  /** Name of the jobset in the project; `release` by default. */
  readonly jobset?: string;
  /** The derivations' preferLocalBuild. */
  readonly preferLocal?: boolean;
  /** Whether they end with an error of their own. */
  readonly fail?: boolean;
  /** Size of each output; 0 (the default) stands for a few bytes. */
  readonly outputMiB?: number;
  /** Names the builds: `tag-1`, `tag-2`, …; `build` by default. */
  readonly tag?: string;
  /** Higher ones go first; 0 by default. */
  readonly globalPriority?: number;
}

/** One build, which is one step: its dependencies, if any, count as built. */
export interface Build {
  readonly id: number;
  readonly job: string;
  readonly tag: string;
  readonly jobset: string;
  readonly kind: StepKind;
  readonly seconds: number;
  readonly fail: boolean;
  readonly outputMiB: number;
  readonly globalPriority: number;
  /** Epoch seconds, as all times here. */
  readonly queuedAt: number;
  /** First dispatch. */
  startedAt?: number;
  finishedAt?: number;
  /** Absent while unfinished. */
  status?: BuildStatus;
  readonly tries: Try[];
}

/** One step in the memory of a queue runner process; the process forgets it when it ends. */
export interface Step {
  readonly build: Build;
  /** When it was loaded: the unsupported clock starts here. */
  readonly loadedAt: number;
  /** Failed tries in this process. */
  tries: number;
  /** Not to be started before this instant. */
  retryAt: number;
  /** Waits in the runnable list. */
  runnable: boolean;
}

/** What the queue runner's own host could build: a preferLocalBuild step counts as `local` only then. */
export interface HostPlatform {
  /** The first is the host's own, which `builtin` stands for. */
  readonly systems: readonly string[];
  readonly features: readonly string[];
}

/** Numbers builds and gives equal needs one kind. */
export class BuildRegister {
  readonly #host: HostPlatform;
  readonly #kinds = new Map<string, StepKind>();
  readonly #countByTag = new Map<string, number>();
  #lastId = 0;

  constructor(host: HostPlatform) {
    this.#host = host;
  }

  /** The builds of a batch, queued at `now`. */
  make(batch: BuildBatch, now: number): Build[] {
    const kind = this.#kind(batch);
    return Array.from({ length: batch.count }, () => this.#makeOne(batch, kind, now));
  }

  #makeOne(batch: BuildBatch, kind: StepKind, now: number): Build {
    const tag = batch.tag ?? 'build';
    const number = (this.#countByTag.get(tag) ?? 0) + 1;
    this.#countByTag.set(tag, number);
    this.#lastId += 1;
    return {
      id: this.#lastId,
      job: `${tag}-${number}`,
      tag,
      jobset: batch.jobset ?? 'release',
      kind,
      seconds: batch.seconds,
      fail: batch.fail ?? false,
      outputMiB: batch.outputMiB ?? 0,
      globalPriority: batch.globalPriority ?? 0,
      queuedAt: now,
      tries: [],
    };
  }

  #kind(batch: BuildBatch): StepKind {
    const features = [...new Set(batch.features ?? [])].sort();
    const isLocal = (batch.preferLocal ?? false) && this.#hostBuilds(batch.system, features);
    const shown = isLocal ? [...new Set([...features, 'local'])].sort() : features;
    const key = shown.length === 0 ? batch.system : `${batch.system}:${shown.join(',')}`;
    const name = JSON.stringify([key, features]);
    const known = this.#kinds.get(name);
    if (known !== undefined) return known;
    const kind = { id: this.#kinds.size, key, system: batch.system, features, preferLocal: isLocal };
    this.#kinds.set(name, kind);
    return kind;
  }

  #hostBuilds(system: string, features: readonly string[]): boolean {
    return (
      (system === 'builtin' || this.#host.systems.includes(system)) &&
      features.every((feature) => this.#host.features.includes(feature))
    );
  }
}
