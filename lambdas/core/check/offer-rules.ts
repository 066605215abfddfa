/** Rule 6, as far as it holds of every queue runner: what is offered is whole, ours, and not offered on hope. */
import type { Machine } from '../model/index.ts';
import { isAtWork, isForThisRunner, seenAs } from './facts.ts';
import type { Facts } from './facts.ts';

/** Every ready machine is offered once, as it is remembered, and no other. */
export function offersAreWhole(facts: Facts): readonly string[] {
  const { after, dialect, plan, types } = facts;
  const offered = plan.offers.map(({ machine }) => machine);
  const keys = new Set(offered.map((machine) => dialect.keyOf(machine)));
  return [
    ...(keys.size < offered.length ? ['two machines would be offered under one key'] : []),
    ...offered.flatMap((machine) => wrongOffer(facts, machine)),
    ...[...after.values()]
      .filter((machine) => machine.phase === 'ready' && types.has(machine.type) && !isAnew(machine))
      .filter((machine) => isForThisRunner(facts, machine) && dialect.isOfferable(machine))
      .filter((machine) => !keys.has(dialect.keyOf(machine)))
      .map(({ instanceId }) => `${instanceId} is ready and would not be offered`),
  ];
}

function wrongOffer(facts: Facts, offered: Machine): readonly string[] {
  const { instanceId } = offered;
  const machine = facts.after.get(instanceId);
  if (machine?.phase !== 'ready') return [`${instanceId} would be offered although it is not ready`];
  return [
    ...(isOnHope(facts, machine) || isAnew(machine)
      ? [`${instanceId} would be offered although nothing has shown that the queue runner can use it`]
      : []),
    ...(isForThisRunner(facts, machine)
      ? []
      : [`${instanceId} would be offered to another queue runner than it serves`]),
    ...(JSON.stringify(offered) === JSON.stringify(machine)
      ? []
      : [`${instanceId} would be offered as another machine than it is`]),
  ];
}

/** Whether it would be offered again, and is known not to have answered since it was offered last. */
const isAnew = ({ offered, unreachableSince }: Machine): boolean =>
  offered === undefined && unreachableSince !== undefined;

/** Whether a machine has never been seen to be usable, by a check before or now, or by the queue runner. */
function isOnHope(facts: Facts, machine: Machine): boolean {
  const { instanceId } = machine;
  const phase = facts.before.get(instanceId)?.phase;
  if (phase === 'ready' || phase === 'draining') return false;
  if (facts.observation.readiness.some((check) => check.instanceId === instanceId && check.reached))
    return false;
  return !isAtWork(seenAs(facts, machine));
}
