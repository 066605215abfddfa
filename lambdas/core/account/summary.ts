/** What a tick answers: small enough to be read in the Lambda console, complete enough to be understood there. */
import type { Action, EpochSeconds, Launch, Machine, QueueStatus } from '../model/index.ts';
import { decisionOn } from '../plan/decisions.ts';
import { moneyInWords, moneyOf } from '../plan/money.ts';
import type { Plan } from '../plan/plan.ts';
import { problemInWords } from '../reason/problem.ts';
import { count, tally } from '../text/count.ts';
import { doneIn, NOTHING_YET, problemsIn } from './account.ts';
import type { Account, RoundTold } from './account.ts';

export interface TypeSummary {
  readonly type: string;
  readonly runnable: number;
  readonly wanted: number;
  readonly allowed: number;
  /** Machines by phase; `requested` are launches without an answer. */
  readonly machines: Readonly<Record<string, number>>;
  readonly verdict: string;
  readonly reason: string;
  /** What its machines cost an hour, as far as it is known; absent where AWS bills none. */
  readonly cost?: string;
}

export interface MachineSummary {
  readonly machine: string;
  readonly type: string;
  readonly phase: string;
  readonly address?: string;
  readonly reason: string;
  /** Without disk and address; absent where it is not known. */
  readonly dollarsPerHour?: number;
}

export interface Summary {
  /** `done`, `refused` (the plan broke a rule), `observed` (observe-only), `busy` (another tick holds the lease), `superseded`. */
  readonly result: 'done' | 'refused' | 'observed' | 'busy' | 'superseded';
  /** In one sentence. */
  readonly message: string;
  /** What woke the tick, in words; absent where it did nothing. */
  readonly woken?: string;
  readonly rounds: number;
  readonly queue: string;
  /** What all machines cost an hour, as far as it is known, in words; absent where AWS bills none. */
  readonly cost?: string;
  readonly types: readonly TypeSummary[];
  readonly machines: readonly MachineSummary[];
  /** What was done in all rounds, counted. */
  readonly done: Readonly<Record<string, number>>;
  /** The same one by one, with the reason each had when it was decided. */
  readonly actions: readonly string[];
  readonly problems: readonly string[];
}

/** An action with its reason, for people. */
export function actionInWords(action: Action): string {
  const what = action.kind === 'launch' ? `${action.launch.count} ${action.launch.type}` : action.instanceId;
  return `${action.kind} ${what}: ${action.reason}`;
}

/** Whether the status may be acted on, and why not. */
export const queueInWords = (queue: QueueStatus): string =>
  queue.trusted ? 'trusted' : `not trusted (${queue.cause}): ${problemInWords(queue)}`;

/** @param held by which tick, and until when. */
export function busy(
  held: { readonly holder: string; readonly until: EpochSeconds },
  now: EpochSeconds,
): Summary {
  const seconds = Math.max(0, Math.round(held.until - now));
  const message = `tick ${held.holder} is at work (its lease runs for ${seconds} s more); this one changed nothing`;
  return { ...summaryOf(NOTHING_YET, 'done'), result: 'busy', message };
}

/** The answer stays readable, and below the 6 MB that Lambda returns, even when a thousand machines end at once. */
const LISTED_ACTIONS = 100;
const LISTED_MACHINES = 200;

/** @param end `superseded` where another tick took over. */
export function summaryOf(account: Account, end: 'done' | 'superseded'): Summary {
  const { last, rounds, ended } = account;
  const done = doneIn(account);
  const problems = problemsIn(account);
  const result = last === undefined || last.isCarriedOut ? end : refusalOf(last);
  const actions = rounds.flatMap((round) => (round.done === undefined ? [] : round.actions));
  return {
    result,
    message: messageOf(result, done, problems.length),
    rounds: ended,
    queue: last === undefined ? 'not asked' : queueInWords(last.observation.queue),
    ...(last === undefined ? { types: [], machines: [] } : summarise(last.plan, standingAfter(last))),
    done,
    actions: actions.slice(0, LISTED_ACTIONS).map(actionInWords),
    problems,
  };
}

const refusalOf = ({ violations }: RoundTold): 'refused' | 'observed' =>
  violations.length > 0 ? 'refused' : 'observed';

const VERBS: Readonly<Record<string, string>> = {
  launch: 'launched',
  start: 'started',
  stop: 'stopped',
  terminate: 'terminated',
};

function messageOf(result: Summary['result'], done: Summary['done'], problems: number): string {
  const acts = Object.entries(done).filter(([, times]) => times > 0);
  const words = acts.map(([kind, times]) => `${VERBS[kind] ?? kind} ${times}`).join(', ');
  const what = `${words || 'nothing had to be done'}${problems === 0 ? '' : `; ${count(problems, 'problem')}`}`;
  if (result === 'refused') return 'the plan broke a rule of the design and was not carried out';
  if (result === 'observed') return 'observe-only: the plan was made and not carried out';
  return result === 'superseded' ? `another tick took over; until then ${what}` : what;
}

/** What there is of machines at the moment that is summed up. */
export interface Standing {
  readonly machines: readonly (Omit<Machine, 'phase'> & { readonly phase: string })[];
  /** Launches that have been sent, or are about to be, and have no answer. */
  readonly launches: readonly Launch[];
}

/** A plan that is not carried out changes nothing of what there was before. */
function standingAfter({ observation, plan, outcome, machines }: RoundTold): Standing {
  if (machines === undefined) return observation.state;
  return { machines, launches: plan.launches.filter(({ id }) => !outcome?.answeredLaunches.includes(id)) };
}

/** Types and machines as they stand, each with what the plan says of it. */
export function summarise(plan: Plan, standing: Standing): Pick<Summary, 'types' | 'machines' | 'cost'> {
  return {
    ...costOf(plan, standing),
    types: plan.demand.types.map(({ type, runnable, wanted, allowed }) => ({
      type: type.key,
      runnable,
      wanted,
      allowed,
      machines: phaseCounts(standing, type.key),
      verdict: decisionOn(plan, type.key)?.verdict ?? '',
      reason: decisionOn(plan, type.key)?.reason ?? '',
      ...costOf(plan, { machines: standing.machines.filter((machine) => machine.type === type.key) }),
    })),
    machines: standing.machines.slice(0, LISTED_MACHINES).map((machine) => ({
      machine: machine.instanceId,
      type: machine.type,
      phase: machine.phase,
      ...(machine.address === undefined ? {} : { address: machine.address }),
      reason: decisionOn(plan, machine.instanceId)?.reason || machine.reason,
      ...(machine.dollarsPerHour === undefined ? {} : { dollarsPerHour: machine.dollarsPerHour }),
    })),
  };
}

function costOf({ context }: Plan, { machines }: Pick<Standing, 'machines'>): { readonly cost?: string } {
  const { config, observation } = context;
  const cost = moneyInWords(moneyOf(machines, config.machineTypes, observation.state.prices));
  return cost === undefined ? {} : { cost };
}

/** What all machines cost after the last round, in words; undefined where AWS bills none. */
export const costAfter = ({ last }: Account): string | undefined =>
  last === undefined ? undefined : costOf(last.plan, standingAfter(last)).cost;

function phaseCounts({ machines, launches }: Standing, type: string): Record<string, number> {
  const requested = launches.filter((launch) => launch.type === type);
  const visible = (id: string): number => machines.filter(({ launchId }) => launchId === id).length;
  const waiting = requested.reduce((sum, { id, count }) => sum + Math.max(0, count - visible(id)), 0);
  const phases = tally(machines.filter((machine) => machine.type === type).map(({ phase }) => phase));
  return { ...(waiting > 0 ? { requested: waiting } : {}), ...Object.fromEntries(phases) };
}
