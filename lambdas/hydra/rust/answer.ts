/** What one look at a host with the Rust queue runner brought, before anything is concluded from it. */
import type { EpochSeconds, Notice, StepDemand } from '../../core/model/index.ts';

/** Steps that a machine could not even begin, since it last built anything, good or bad. */
export interface Spoilt {
  readonly steps: number;
  readonly lastAt: EpochSeconds;
}

export interface RustAnswer {
  /** The host's clock at the end of the look. */
  readonly hostNow: EpochSeconds;
  /** The host's Nix system. */
  readonly hostSystem: string;
  /** Where `/status` was asked for. */
  readonly rest: string;
  /** curl's exit code, and the HTTP code; 0 where there was no answer. */
  readonly curl: { readonly exit: number; readonly http: number };
  /** The systemd unit that holds the REST interface's socket, if there is one. */
  readonly unit?: string;
  /** HTTP code of a call that asks the database; 0 where there was no answer. */
  readonly activeHttp: number;
  /** Builds in the database that have not finished; absent where it could not be asked. */
  readonly unfinished?: number;
  /** Why the database could not be asked directly. */
  readonly databaseProblem?: string;
  /** By what steps were told apart, and why not by their features. */
  readonly kinds: { readonly by: 'features' | 'systems'; readonly why?: string };
  readonly demand: readonly Omit<StepDemand, 'key'>[];
  /** Steps under way in the database, by the host name of their machine. */
  readonly busy: ReadonlyMap<string, number>;
  /** What machines have spoilt, by their host names. */
  readonly spoilt: ReadonlyMap<string, Spoilt>;
  /** Slots that are held by steps which are over, by the host name of their machine. */
  readonly held: ReadonlyMap<string, number>;
  /** Absent where nothing is told of evaluations. */
  readonly notice?: Notice;
  /** What came instead of, or as, the body of `/status`. */
  readonly statusText: string;
}
