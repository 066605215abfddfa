/** What is remembered of a machine: the part of the vocabulary that speaks of its life. */
import type { EpochSeconds, Pool, Sighting } from './model.ts';

/** Life of a machine, from launch to gone. A launch that has not answered yet is the phase `requested`. */
export type Phase = 'booting' | 'ready' | 'draining' | 'stopping' | 'stopped' | 'terminating' | 'failed';

/** How AWS charges a machine: `hourly` buys whole hours from each start on, `per-second` buys seconds. */
export type Billing = 'hourly' | 'per-second';

/** How far a drain has come; each field is evidence for one part of rule 2. */
export interface Drain {
  readonly since: EpochSeconds;
  readonly reason: string;
  /** The machines file without its line was written and read back. */
  readonly unlisted?: Sighting;
  /** A trusted status taken after `unlisted` no longer lists it. */
  readonly acknowledged?: Sighting;
  /** First of the unbroken run of trusted statuses, after the acknowledgement, that show no job on it. */
  readonly quiet?: Sighting;
  /** First of the unbroken run of trusted statuses, from `quiet` on, without a copy of any machine: the next one is proof. */
  readonly uncopied?: Sighting;
  /** A proof that nothing is being copied back from it, taken at or after `quiet`. */
  readonly copiedBack?: Sighting;
}

/** What is remembered of one machine. One stored item. */
export interface Machine {
  readonly instanceId: string;
  readonly type: string;
  /** The launch it came from; absent when it was adopted without one. */
  readonly launchId?: string;
  readonly phase: Phase;
  readonly phaseSince: EpochSeconds;
  /** Why it is in its phase, for people. */
  readonly reason: string;
  readonly billing: Billing;
  readonly address?: string;
  /** Public host key line `ssh-ed25519 AAAA…`, once known. */
  readonly hostKey?: string;
  /** When the file with its line was written and read back, this time round. Absent while not listed. */
  readonly listed?: Sighting;
  /** The first trusted status since `listed` that shows the machine. Only then can a drain be told from a line never read. */
  readonly seenListed?: Sighting;
  /**
   * It was not ready yet, and the last trusted status showed nobody listed or at work at its address. A predecessor there
   * may have left a line that the queue runner still goes by, and then what was never ready may be at work all the same.
   */
  readonly unknownToRunner?: true;
  /** Since when it has been more than the type needs: the grace timer. */
  readonly surplusSince?: EpochSeconds;
  /** Since when it is to be asked whether it still answers, because the queue runner failed there once. It is capacity meanwhile. */
  readonly doubtedSince?: EpochSeconds;
  /** Since when there is reason to believe that it does not answer, although it was listed. */
  readonly unreachableSince?: EpochSeconds;
  /** When such a doubt was last dispelled: failures before that do not count again. */
  readonly reached?: Sighting;
  /** EC2's start of it that it got ready after: another one means a restart behind our back. */
  readonly startedAt?: EpochSeconds;
  /** AWS has announced once, since its last start, that it takes it: that stays true when AWS cannot be asked again. */
  readonly interrupted?: true;
  /** Since when EC2 has shown it stopping or shutting down, whoever wished it. Absent while it does not. */
  readonly goingDownSince?: EpochSeconds;
  /** It bears our tag no more. */
  readonly untagged?: true;
  readonly drain?: Drain;
  /** Where it was launched, as EC2 answered. */
  readonly pool?: Pool;
  /** Since when, and in how many looks, EC2 has not shown it. Absent while it does. */
  readonly missing?: { readonly since: EpochSeconds; readonly looks: number };
  /** What became of starts of it since it was last ready; absent while they went well. */
  readonly starts?: Starts;
}

/** Starts of a stopped machine that came to nothing. */
export interface Starts {
  /** Accepted by AWS, and stopped again before it was ready. */
  readonly undone: number;
  /** Refused for a reason of its own. */
  readonly refused: number;
  /** Not tried again before then. */
  readonly until?: EpochSeconds;
  /** EC2's start of it that was undone last. */
  readonly startedAt?: EpochSeconds;
}
