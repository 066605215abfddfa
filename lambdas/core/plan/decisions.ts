/** The plan in words: why every type has the machines it has, and every machine its phase; also for "nothing". */
import type { Demand, TypeDemand } from '../capacity/demand.ts';
import type { Decision, Machine, TrustedStatus } from '../model/index.ts';
import type { Dispatcher } from './dispatcher.ts';
import { drainWaitsFor, isDrained } from '../life/drain.ts';
import type { Inventory } from '../life/inventory.ts';
import { orderInWords } from '../reason/orders.ts';
import { inOneLine, reason } from '../reason/reason.ts';
import * as words from '../reason/words/index.ts';
import type { Reason } from '../reason/reason.ts';
import { UNTYPED, isPaused } from '../life/planned.ts';
import type { Context } from '../life/context.ts';
import type { Planned } from '../life/planned.ts';
import type { Scaled } from '../capacity/scale.ts';
import { paidLeft } from '../capacity/scale-in.ts';

/** A decision before its reasons are put in one line. */
type Reasoned = Omit<Decision, 'reason'> & { readonly reasons: readonly Reason[] };

interface Decisions {
  readonly decisions: readonly Decision[];
  readonly reasons: ReadonlyMap<string, readonly Reason[]>;
}

/** What was decided about a machine type, by its key, or a machine, by its instance id. */
export const decisionOn = (
  { decisions }: Pick<Decisions, 'decisions'>,
  about: string,
): Decision | undefined =>
  decisions.find(({ subject }) => ('machine' in subject ? subject.machine : subject.type) === about);

/** What a plan is put together from. */
export interface Parts {
  readonly demand: Demand;
  readonly inventory: Inventory;
  readonly dispatcher: Dispatcher;
  readonly scaled: Scaled;
}

export function decisionsOf(context: Context, { demand, scaled, inventory, dispatcher }: Parts): Decisions {
  const uncovered = demand.uncovered.map((step): Reasoned => ({
    subject: { type: step.key },
    verdict: 'not covered',
    reasons: [reason('uncovered', words.uncovered(step.runnable, step.key))],
  }));
  const untouchable = inventory.untouchable.map(({ instance, why }): Reasoned => ({
    subject: { machine: instance.instanceId, type: instance.type ?? UNTYPED },
    verdict: 'left alone',
    reasons: [reason('standing', words.leftAlone(why))],
  }));
  const closed = [...inventory.closed].map(([machine, why]): Reasoned => ({
    subject: { machine, type: '' },
    verdict: 'gone',
    reasons: [reason('standing', why)],
  }));
  const all = [
    ...demand.types.map((ofType) => typeDecision(context, ofType, scaled, dispatcher)),
    ...uncovered,
    ...scaled.machines.map((planned) => machineDecision(context, planned)),
    ...untouchable,
    ...closed,
  ];
  return {
    decisions: all.map(({ subject, verdict, reasons }) => ({ subject, verdict, reason: inOneLine(reasons) })),
    reasons: new Map(
      all.map(({ subject, reasons }) => ['machine' in subject ? subject.machine : subject.type, reasons]),
    ),
  };
}

function typeDecision(
  context: Context,
  demand: TypeDemand,
  scaled: Scaled,
  dispatcher: Dispatcher,
): Reasoned {
  const key = demand.type.key;
  const launched = scaled.launches
    .filter(({ type }) => type === key)
    .reduce((sum, { count }) => sum + count, 0);
  const started = scaled.machines.filter(
    ({ machine, action }) => machine.type === key && action === 'start',
  ).length;
  const verbs = [launched > 0 ? `launch ${launched}` : '', started > 0 ? `start ${started}` : ''].filter(
    (verb) => verb !== '',
  );
  const ofType = scaled.machines.filter(({ machine }) => machine.type === key);
  const why = [...demand.reasons, reason('phases', words.phases(ofType.map(({ machine }) => machine.phase)))];
  const { queue } = context.observation;
  if (!queue.trusted) why.push(reason('untrusted-status', words.untrusted(queue)));
  if (context.halfSeen !== undefined) why.push(reason('half-seen', context.halfSeen));
  if (dispatcher.stalledTypes.has(key))
    why.push(reason('stalled-dispatcher', words.stalled(context.dialect.words.nudge)));
  const shortfall = scaled.shortfalls.get(key);
  if (shortfall !== undefined) why.push(reason('shortfall', shortfall));
  return {
    subject: { type: key },
    verdict: verbs.join(', ') || (isPaused(context, key) ? 'paused' : `keep ${demand.allowed}`),
    reasons: why,
  };
}

function notShown({ dialect }: Context, { offered }: Machine, status: TrustedStatus): string {
  const seconds = offered === undefined ? 0 : Math.round(status.at - offered.hostAt);
  return seconds < dialect.noticeSeconds ? words.notShownYet : dialect.words.notShown(seconds);
}

function machineDecision(context: Context, planned: Planned): Reasoned {
  const { machine, action } = planned;
  return {
    subject: { machine: machine.instanceId, type: machine.type },
    verdict: action ?? machine.phase,
    reasons: [
      reason('standing', machine.reason),
      ...details(context, planned).map((detail) => reason('detail', detail)),
      ...ordered(context, planned).map((order) => reason('order', order)),
    ],
  };
}

/** An order that shows nowhere else: the machine does not drain yet, or would not be let go. */
function ordered({ observation }: Context, { machine, order }: Planned): readonly string[] {
  if (order === undefined || (order.kind === 'drain' && machine.phase !== 'ready')) return [];
  const told = orderInWords(order, observation.now);
  return [order.kind === 'drain' ? words.toBe(told) : told];
}

function details(context: Context, planned: Planned): readonly string[] {
  const { machine, seen } = planned;
  const left = Math.round(paidLeft(context, planned));
  if (machine.phase === 'draining') {
    const waits = isDrained(context, planned)
      ? words.drained
      : words.waitsFor(drainWaitsFor(context.dialect, planned));
    return [words.withPaid(waits, left)];
  }
  if (machine.phase !== 'ready') return [];
  const lack = context.dialect.lackOf(machine);
  if (lack !== undefined) return [words.notOffered(lack)];
  if (context.status === undefined) return left > 0 ? [words.paidFor(left)] : [];
  if (seen === undefined) return [words.withPaid(notShown(context, machine, context.status), left)];
  return [words.withPaid(words.slotsBusy(seen.currentJobs, planned.type?.maxJobs ?? 0), left)];
}
