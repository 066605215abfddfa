/** What the queue runner said, parsed and judged: the part of the vocabulary that speaks of the queue. */
import type { EpochSeconds } from './model.ts';

/** Steps of one kind in the queue. */
export interface StepDemand {
  /** The runner's own key, for people. */
  readonly key: string;
  readonly system: string;
  /** Required features, sorted. */
  readonly features: readonly string[];
  /** Steps that could start now, clamped to what the runner has in all. */
  readonly runnable: number;
  readonly running: number;
}

/** One machine as the queue runner sees it. */
export interface QueueMachine {
  /** Host name or IP address, without user and port. */
  readonly address: string;
  /** In the runner's machines file now. */
  readonly listed: boolean;
  readonly currentJobs: number;
  /** Absent while busy, and when it has never built. */
  readonly idleSince?: EpochSeconds;
  /** Absent unless a failure has disabled it at some time. */
  readonly disabledUntil?: EpochSeconds;
  readonly lastFailure?: EpochSeconds;
  readonly consecutiveFailures: number;
}

/** A status that may be acted on. */
export interface TrustedStatus {
  readonly trusted: true;
  /** Host clock at the dump. */
  readonly at: EpochSeconds;
  /** Host clock at the runner's start. */
  readonly runnerStartedAt: EpochSeconds;
  readonly demand: readonly StepDemand[];
  /** Unfinished builds that the runner has loaded: while it loads a large evaluation it grows from look to look. */
  readonly buildsQueued?: number;
  readonly machines: ReadonlyMap<string, QueueMachine>;
  /** Steps that hold no slot any more but are still copied back or being finished; undefined when the runner does not tell. */
  readonly stepsCopyingBack: number | undefined;
  /** Steps that no machine the runner knows supports. Absent when the runner does not tell. */
  readonly stepsUnsupported?: number;
  /** Step kinds left out of `demand` because no machine type can be named for them, escaped for people. Absent when there are none. */
  readonly ignoredKinds?: readonly string[];
  /** The Nix system of the Hydra host: `builtin` steps run only there. */
  readonly hostSystem?: string;
}

/** A status nothing may be concluded from. */
export interface UntrustedStatus {
  readonly trusted: false;
  readonly cause: 'unreachable' | 'failed' | 'unreadable' | 'down' | 'stale' | 'restarted' | 'unsupported';
  readonly reason: string;
  /** What a runner that has just started knows already: too little to end a machine, enough to launch one. */
  readonly demand?: readonly StepDemand[];
  /** As of a trusted status. */
  readonly buildsQueued?: number;
  readonly hostSystem?: string;
}

export type QueueStatus = TrustedStatus | UntrustedStatus;

/** Whether a machine serves its Nix store to somebody now: a queue runner that builds on it or copies back from it. */
export type StoreUse = 'quiet' | 'serving';
