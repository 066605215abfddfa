import type { StepKind } from '../hydra/builds.ts';
import type { MachineConfig } from './machines-config.ts';

/** What is kept of a machine under its identity for the life of the process, listed or not. */
export interface MachineHistory {
  currentJobs: number;
  stepsDone: number;
  /** Whole seconds, summed over the steps done. */
  totalStepTime: number;
  totalStepBuildTime: number;
  /** Epoch seconds; 0 for never. */
  idleSince: number;
  lastFailure: number;
  disabledUntil: number;
  consecutiveFailures: number;
}

/** One machine as last listed. Removed ones stay, disabled, with their history. */
export interface Machine {
  readonly config: MachineConfig;
  readonly history: MachineHistory;
  readonly enabled: boolean;
}

const freshHistory = (): MachineHistory => ({
  currentJobs: 0,
  stepsDone: 0,
  totalStepTime: 0,
  totalStepBuildTime: 0,
  idleSince: 0,
  lastFailure: 0,
  disabledUntil: 0,
  consecutiveFailures: 0,
});

/** Whether a machine of this line may be given a step of this kind. */
const fits = (config: MachineConfig, kind: StepKind, hostSystem: string): boolean => {
  const system = kind.system === 'builtin' ? hostSystem : kind.system;
  const isAllowed = (mandatory: string): boolean =>
    kind.features.includes(mandatory) || (mandatory === 'local' && kind.preferLocal);
  return (
    config.systemTypes.includes(system) &&
    config.mandatoryFeatures.every(isAllowed) &&
    kind.features.every((feature) => config.supportedFeatures.includes(feature))
  );
};

/** All machines the process has ever read. */
export class MachineTable {
  readonly #hostSystem: string;
  #machines = new Map<string, Machine>();
  /** Every reload makes new machines, so what is known of the old ones goes with them. */
  readonly #fits = new WeakMap<Machine, Map<StepKind, boolean>>();
  #supported = new Map<StepKind, boolean>();

  constructor(hostSystem: string) {
    this.#hostSystem = hostSystem;
  }

  /** Every machine, ordered by identity. */
  all(): IterableIterator<Machine> {
    return this.#machines.values();
  }

  /** Takes over a newly read file. */
  reload(configs: ReadonlyMap<string, MachineConfig>): void {
    const machines = [...this.#machines.entries()].map(
      ([identity, machine]) => [identity, { ...machine, enabled: false }] as const,
    );
    const next = new Map<string, Machine>(machines);
    for (const [identity, config] of configs) {
      const history = next.get(identity)?.history ?? freshHistory();
      next.set(identity, { config, history, enabled: true });
    }
    this.#machines = new Map([...next].sort(([a], [b]) => (a < b ? -1 : 1)));
    this.#supported = new Map();
  }

  fits(machine: Machine, kind: StepKind): boolean {
    let byKind = this.#fits.get(machine);
    if (byKind === undefined) this.#fits.set(machine, (byKind = new Map()));
    let answer = byKind.get(kind);
    if (answer === undefined) byKind.set(kind, (answer = fits(machine.config, kind, this.#hostSystem)));
    return answer;
  }

  /** Whether any machine, removed ones included, could do this kind of step. */
  isSupported(kind: StepKind): boolean {
    let answer = this.#supported.get(kind);
    if (answer === undefined) {
      answer = [...this.#machines.values()].some((machine) => this.fits(machine, kind));
      this.#supported.set(kind, answer);
    }
    return answer;
  }
}
