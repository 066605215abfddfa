/** Collects what the rounds of a tick found and did, and tells the reporter as it happens. */
import { count } from '../core/text/count.ts';
import type { Action, Decision } from '../core/model/index.ts';
import type { Reporter } from '../ports.ts';
import type { RoundMetrics, TickMetrics } from '../core/account/metrics.ts';
import { actionInWords } from '../core/account/summary.ts';
import { TickRecord } from '../core/account/tick-record.ts';
import type { RoundSummary, Summary } from '../core/account/summary.ts';

/** The answer stays readable, and below what Lambda returns, even when a thousand machines end at once. */
const LISTED_ACTIONS = 100;

/** Encoded denials a tick's journal entry keeps whole. */
const ENCODED_KEPT_MAX = 8;
const WHERE_ENCODED = 'the encoded message is in the log and in the journal';

export class RoundLog {
  /** The same for the journal. */
  readonly record = new TickRecord();
  readonly #reporter: Reporter;
  readonly #problems = new Set<string>();
  readonly #done: Record<string, number> = {};
  readonly #actions: string[] = [];
  /** What was said last of each subject: a decision is told again only when it changes within a tick. */
  readonly #said = new Map<string, string>();
  #rounds = 0;
  #encodedKept = 0;
  #givenUp = 0;
  #last: { readonly summary: RoundSummary; readonly metrics: RoundMetrics } | undefined;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  problem(what: string, details: Readonly<Record<string, unknown>>): void {
    const words = `${what}${'message' in details ? `: ${String(details['message'])}` : ''}${'reason' in details ? `: ${String(details['reason'])}` : ''}`;
    const encoded = 'encoded' in details ? String(details['encoded']) : undefined;
    this.#problems.add(encoded === undefined ? words : `${words}; ${WHERE_ENCODED}`);
    this.record.problem(encoded === undefined ? words : this.#withEncoded(words, encoded));
    this.#reporter.problem(what, details);
  }

  /** Each is kilobytes that cannot be compressed, and the journal drops what does not fit: a few say as much as all. */
  #withEncoded(words: string, encoded: string): string {
    if (this.#encodedKept >= ENCODED_KEPT_MAX) return `${words}; the encoded message is in the log`;
    this.#encodedKept += 1;
    return `${words}; encoded message: ${encoded}`;
  }

  /** @param done what AWS accepted, counted. @param actions what was asked for. */
  acted(done: Readonly<Record<string, number>>, actions: readonly Action[]): void {
    this.#actions.push(...actions.map(actionInWords));
    this.record.done(done);
    for (const [kind, count] of Object.entries(done)) this.#done[kind] = (this.#done[kind] ?? 0) + count;
  }

  /** @param machines how many were given up for good in this round. */
  gaveUp(machines: number): void {
    this.#givenUp += machines;
  }

  round(summary: RoundSummary, metrics: RoundMetrics, decisions: readonly Decision[]): void {
    this.#rounds += 1;
    this.#last = { summary, metrics };
    for (const decision of decisions) this.#tell(decision);
    for (const violation of summary.violations)
      this.problem('the plan breaks a rule and is not carried out', { reason: violation });
  }

  #tell(decision: Decision): void {
    const subject = JSON.stringify(decision.subject);
    const words = `${decision.verdict}: ${decision.reason}`;
    if (this.#said.get(subject) === words) return;
    this.#said.set(subject, words);
    this.#reporter.decision(decision);
  }

  /** The tick's answer. Call once, at its end: it also emits the metrics. */
  lastSummary(result: 'done' | 'superseded'): Summary {
    const last = this.#last?.summary;
    const refused = (last?.violations.length ?? 0) > 0;
    const outcome = refused ? 'refused' : last?.observeOnly === true ? 'observed' : result;
    if (this.#last !== undefined) this.#reporter.metrics(this.#metrics(this.#last.metrics));
    return {
      result: outcome,
      message: this.#message(outcome),
      rounds: this.#rounds,
      queue: last?.queue ?? 'not asked',
      types: last?.types ?? [],
      machines: last?.machines ?? [],
      done: { ...this.#done },
      actions: this.#actions.slice(0, LISTED_ACTIONS),
      problems: [...this.#problems],
    };
  }

  /** What holds at the end as it is there, what happened added up over all rounds. */
  #metrics(last: RoundMetrics): TickMetrics {
    const { launch = 0, start = 0, stop = 0, terminate = 0 } = this.#done;
    return {
      ...last,
      ...{ launch, start, stop, terminate },
      givenUpMachines: this.#givenUp,
      rounds: this.#rounds,
      problems: this.#problems.size,
    };
  }

  #message(result: Summary['result']): string {
    const verbs: Record<string, string> = {
      launch: 'launched',
      start: 'started',
      stop: 'stopped',
      terminate: 'terminated',
    };
    const acts = Object.entries(this.#done)
      .filter(([, times]) => times > 0)
      .map(([kind, times]) => `${verbs[kind] ?? kind} ${times}`);
    const what = acts.length === 0 ? 'nothing had to be done' : acts.join(', ');
    const trouble = this.#problems.size === 0 ? '' : `; ${count(this.#problems.size, 'problem')}`;
    if (result === 'refused') return 'the plan broke a rule of the design and was not carried out';
    if (result === 'observed') return 'observe-only: the plan was made and not carried out';
    if (result === 'superseded') return `another tick took over; until then ${what}${trouble}`;
    return `${what}${trouble}`;
  }
}
