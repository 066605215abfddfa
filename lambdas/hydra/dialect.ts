/**
 * What is particular to one kind of Hydra: what its queue runner is like, as pure functions, and the ports to its host and
 * its builders. Each kind has a room beside this file, and the rest knows only what stands here.
 */
import type { DialectChecks } from '../core/check/facts.ts';
import type { MachineType } from '../core/config/machine-type.ts';
import type { Exam } from '../core/doctor/finding.ts';
import type { Dialect, Offer, VerifiedOffer } from '../core/life/dialect.ts';
import { problemInWords } from '../core/reason/problem.ts';
import type {
  Machine,
  Notice,
  Problem,
  QueueStatus,
  Readiness,
  RunnerKind,
  StandingOffer,
  StoreUse,
} from '../core/model/index.ts';
import type { Incomplete } from '../fleet.ts';

export interface HydraDialect {
  readonly life: Dialect;
  readonly checks: DialectChecks;
}

/** Both kinds of queue runner: which of them is in force is told by each look. */
export type Dialects = Readonly<Record<RunnerKind, HydraDialect>>;

/** A machine of which it is to be found out whether the queue runner could use it. */
export interface Candidate {
  readonly machine: Machine;
  /** Undefined where it is not configured any more. */
  readonly type: MachineType | undefined;
  /** As EC2 shows it now; absent while there is none. */
  readonly address?: string;
}

/** What a look at the Hydra host is to find out beside the queue status. */
export interface HostQuestions {
  readonly candidates: readonly Candidate[];
  /** Whether this farm has ever offered machines there: if not, an offer that names no farm is another's. */
  readonly hasOffered: boolean;
}

/** One look at the Hydra host. */
export interface HostView {
  /** Which queue runner answered; absent where none could be told. */
  readonly runner?: RunnerKind;
  readonly queue: QueueStatus;
  /** Absent where there is nothing to tell, for whatever reason. */
  readonly notice?: Notice;
  /** Absent when the host could not be asked, or what stands there cannot be this farm's. */
  readonly offer?: StandingOffer;
  /** Why nothing can be offered, whatever is tried, until a person changes something there. Absent where it can. */
  readonly unofferable?: Problem;
  /** One entry per candidate that was checked; a missing one was not, and means nothing. */
  readonly readiness: readonly Readiness[];
}

/** What is to be offered, beside what is known of how it stands. */
export interface Wanted {
  /** The queue runner in force. */
  readonly runner: RunnerKind;
  readonly offers: readonly Offer[];
  /** Machines that are there and not offered: they are to be withdrawn, and to stay so. */
  readonly withdrawn: readonly Machine[];
  /** As this round's look found it; undefined where it could not. */
  readonly standing: StandingOffer | undefined;
  readonly queue: QueueStatus;
  /** The queue runner is to be woken, even if nothing has to be changed. */
  readonly nudge: boolean;
}

/** It could not be verified that machines are offered and withdrawn as they should be. */
export class OfferError extends Error {
  override readonly name = 'OfferError';
  /** It is waiting where nothing was tried, because this round does not know enough. */
  readonly problem: Problem & { readonly isWaiting?: true };

  constructor(problem: OfferError['problem']) {
    super(problemInWords(problem));
    this.problem = problem;
  }
}

export interface HydraHost {
  /**
   * Reads the queue status and what is offered, and checks the candidates, in one go.
   * Never throws: a host that cannot be asked is an untrusted status with cause `unreachable`.
   */
  look(questions: HostQuestions): Promise<HostView>;
  /**
   * Offers exactly these machines to the queue runner, and says of which that could not be verified. What another farm
   * offers is left alone.
   * @throws OfferError when nothing could be verified. An offer that would not be whole throws before anything is sent.
   */
  offer(wanted: Wanted): Promise<VerifiedOffer>;
  /**
   * What surrounds the queue runner there, for people who ask why nothing happens. Changes nothing.
   * Never throws: that the host cannot be asked is a finding.
   */
  inspect(): Promise<Exam>;
}

export interface Identities extends Incomplete {
  /** By instance id. */
  readonly identities: ReadonlyMap<string, string>;
  /** What machines lack that must not be offered as they are, in words, by instance id. Absent where there are none. */
  readonly objections?: ReadonlyMap<string, string>;
}

export interface StoreUses extends Incomplete {
  /** By instance id. A machine that does not answer (yet) is left out. */
  readonly uses: ReadonlyMap<string, StoreUse>;
}

/** The machines themselves, asked by ways that none of their builds can write to. */
export interface Builders {
  /** What each proves itself by, as far as it is known by now. Never throws. */
  identities(instanceIds: readonly string[]): Promise<Identities>;
  /** What each does with its store. Never throws. */
  storeUse(instanceIds: readonly string[]): Promise<StoreUses>;
}
