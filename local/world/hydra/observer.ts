import type { Build } from './builds.ts';

/** Where a step was when it was lost. */
export type StepPhase = 'connecting' | 'building' | 'waiting-for-copy-slot' | 'copying-back' | 'recording';

/** A step that ended neither well nor by its own fault. */
export interface LostStep {
  readonly build: Build;
  /** The machine's URI. */
  readonly machine: string;
  /** Host and port it was built at. */
  readonly address: string;
  readonly phase: StepPhase;
  /** `connection`: the builder did not answer or died. `runner`: the queue runner ended under it. */
  readonly cause: 'connection' | 'runner';
}

/** A step that hangs on a builder that has left, and that nobody will ever fail. */
export type OrphanedStep = Pick<LostStep, 'build' | 'machine' | 'address'>;

/** Told of what happens to builds, at the instant it happens. All parts are optional. */
export interface BuildObserver {
  onBuildQueued?(build: Build): void;
  /** A slot of the machine is taken and a connection begins. */
  onStepStarted?(build: Build, machine: string, address: string): void;
  onStepLost?(lost: LostStep): void;
  /** Follows its start at once: it was given to a builder that was just leaving. Only the Rust queue runner does so. */
  onStepOrphaned?(orphan: OrphanedStep): void;
  /** Its builder has reported its end, which could not be written down: only the Rust queue runner does so. */
  onStepOver?(build: Build): void;
  /** Also for aborted, unsupported and cancelled ones; `build` says which. */
  onBuildFinished?(build: Build): void;
}
