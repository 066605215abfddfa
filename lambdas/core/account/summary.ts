/** What a tick answers: small enough to be read in the Lambda console, complete enough to be understood there. */
import type { Config } from '../config/config.ts';
import type { Action, EpochSeconds, Launch, Observation, QueueStatus } from '../model/index.ts';
import type { Plan } from '../plan/plan.ts';

export interface TypeSummary {
  readonly type: string;
  readonly runnable: number;
  readonly wanted: number;
  readonly allowed: number;
  /** Machines by phase; `requested` are launches without an answer. */
  readonly machines: Readonly<Record<string, number>>;
  readonly verdict: string;
  readonly reason: string;
}

export interface MachineSummary {
  readonly machine: string;
  readonly type: string;
  readonly phase: string;
  readonly address?: string;
  readonly reason: string;
}

export interface Summary {
  /** `done`, `refused` (the plan broke a rule), `observed` (observe-only), `busy` (another tick holds the lease), `superseded`. */
  readonly result: 'done' | 'refused' | 'observed' | 'busy' | 'superseded';
  /** In one sentence. */
  readonly message: string;
  readonly rounds: number;
  readonly queue: string;
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

/** What one round found and decided. */
export type RoundSummary = Pick<Summary, 'queue' | 'types' | 'machines'> & {
  readonly violations: readonly string[];
  readonly observeOnly: boolean;
};

/** More machines than this are counted, not listed: Lambda answers with at most 6 MB and people read a page. */
const LISTED_MACHINES = 200;

/** @param held by which tick, and until when. */
export function busy(
  held: { readonly holder: string; readonly until: EpochSeconds },
  now: EpochSeconds,
): Summary {
  const seconds = Math.max(0, Math.round(held.until - now));
  return {
    result: 'busy',
    message: `tick ${held.holder} is at work (its lease runs for ${seconds} s more); this one changed nothing`,
    rounds: 0,
    queue: 'not asked',
    types: [],
    machines: [],
    done: {},
    actions: [],
    problems: [],
  };
}

/** What there is of machines at the moment that is summed up. */
export interface Standing {
  readonly machines: readonly StandingMachine[];
  /** Launches that have been sent, or are about to be, and have no answer. */
  readonly launches: readonly Launch[];
}

interface StandingMachine {
  readonly instanceId: string;
  readonly type: string;
  readonly launchId?: string;
  readonly phase: string;
  readonly address?: string;
  readonly reason: string;
}

/** Whether the status may be acted on, and why not. */
export const queueInWords = (queue: QueueStatus): string =>
  queue.trusted ? 'trusted' : `not trusted (${queue.cause}): ${queue.reason}`;

/** A round, to be summed up. */
export interface RoundSeen {
  readonly observation: Observation;
  readonly plan: Plan;
  /** As it is when this is read, which a plan that is not carried out does not change. */
  readonly standing: Standing;
  readonly violations: readonly string[];
}

export function summarise(
  config: Config,
  { observation, plan, standing, violations }: RoundSeen,
): RoundSummary {
  const { queue } = observation;
  const { machines } = standing;
  return {
    queue: queueInWords(queue),
    types: plan.demand.types.map(({ type, runnable, wanted, allowed }) => ({
      type: type.key,
      runnable,
      wanted,
      allowed,
      machines: phaseCounts(standing, type.key),
      ...wordsFor(plan, type.key),
    })),
    machines: machines.slice(0, LISTED_MACHINES).map((machine) => ({
      machine: machine.instanceId,
      type: machine.type,
      phase: machine.phase,
      ...(machine.address === undefined ? {} : { address: machine.address }),
      reason: wordsFor(plan, machine.instanceId).reason || machine.reason,
    })),
    violations,
    observeOnly: config.observeOnly,
  };
}

function phaseCounts({ machines, launches }: Standing, type: string): Record<string, number> {
  const requested = launches.filter((launch) => launch.type === type);
  const visible = (id: string): number => machines.filter(({ launchId }) => launchId === id).length;
  const waiting = requested.reduce((sum, { id, count }) => sum + Math.max(0, count - visible(id)), 0);
  const counts: Record<string, number> = waiting > 0 ? { requested: waiting } : {};
  for (const machine of machines) {
    if (machine.type === type) counts[machine.phase] = (counts[machine.phase] ?? 0) + 1;
  }
  return counts;
}

function wordsFor(plan: Plan, subject: string): { verdict: string; reason: string } {
  const decision = plan.decisions.find(
    ({ subject: of }) => ('machine' in of ? of.machine : of.type) === subject,
  );
  return { verdict: decision?.verdict ?? '', reason: decision?.reason ?? '' };
}
