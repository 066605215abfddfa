/** Tells a tick: to the log as it happens, in the end as answer and metrics, and at any time as an entry of the journal. */
import { NOTHING_YET, withRound } from '../core/account/account.ts';
import type { Account, Decided, RoundTold } from '../core/account/account.ts';
import { metricsOf } from '../core/account/metrics.ts';
import { summaryOf } from '../core/account/summary.ts';
import type { Summary } from '../core/account/summary.ts';
import type { Config } from '../core/config/config.ts';
import type { Decision, Problem } from '../core/model/index.ts';
import type { Reporter } from '../ports.ts';

/** What is known of a problem beside its name. All of it is in the log, the answer has the problem in words. */
type ProblemDetails = Partial<Problem> & Readonly<Record<string, unknown>>;

export class Report {
  readonly #reporter: Reporter;
  /** What was said last of each subject: a decision is told again only when it changes within a tick. */
  readonly #said = new Map<string, string>();
  /** The rounds before the present one. */
  #before = NOTHING_YET;
  #round: RoundTold | undefined;
  #wokenBy: string | undefined;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /** What woke the tick is known now, in words. */
  woken(by: string): void {
    this.#wokenBy = by;
  }

  /** What woke the tick, in words; undefined where nobody said. */
  get wokenBy(): string | undefined {
    return this.#wokenBy;
  }

  /** The tick so far. */
  get account(): Account {
    return this.#round === undefined ? this.#before : withRound(this.#before, this.#round);
  }

  /** A new round begins. */
  begin(decided: Decided): void {
    this.#before = this.account;
    this.#round = { ...decided, problems: [], givenUp: 0 };
    for (const decision of decided.plan.decisions) this.#tell(decision);
    for (const says of decided.violations)
      this.problem('the plan breaks a rule and is not carried out', { says });
  }

  #tell(decision: Decision): void {
    const subject = JSON.stringify(decision.subject);
    const words = `${decision.verdict}: ${decision.reason}`;
    if (this.#said.get(subject) === words) return;
    this.#said.set(subject, words);
    this.#reporter.decision(decision);
  }

  /** The round has got further. */
  add(more: Partial<Pick<RoundTold, 'givenUp' | 'outcome' | 'machines'>>): void {
    if (this.#round !== undefined) this.#round = { ...this.#round, ...more };
  }

  problem(what: string, details: ProblemDetails = {}): void {
    const { says, remedy, encoded } = details;
    const met = {
      says: says === undefined ? what : `${what}: ${says}`,
      ...(remedy === undefined ? {} : { remedy }),
      ...(encoded === undefined ? {} : { encoded }),
    };
    if (this.#round === undefined)
      this.#before = { ...this.#before, problems: [...this.#before.problems, met] };
    else this.#round = { ...this.#round, problems: [...this.#round.problems, met] };
    this.#reporter.problem(what, details);
  }

  /** The tick's answer. Call once, at its end: it also emits the metrics. */
  answer(config: Config, end: 'done' | 'superseded'): Summary {
    const { account } = this;
    const metrics = metricsOf(account, config);
    if (metrics !== undefined) this.#reporter.metrics({ ...metrics });
    return {
      ...summaryOf(account, end),
      ...(this.#wokenBy !== undefined && { woken: this.#wokenBy }),
    };
  }
}
