/** Rule 4: what may be bought, and what is not thrown away. */
import type { Machine } from '../model/index.ts';
import { machineOrder } from '../reason/orders.ts';
import { isForThisRunner, isKeyChanged, isTaken, isKnownUnreachable } from './facts.ts';
import type { Facts } from './facts.ts';

const HOUR_SECONDS = 3600;
/** A whole drain fits into this, in seconds. */
const DRAIN_SECONDS = 300;

/** What failed this often in a row does not work by trying once more. */
const OFFER_FAILURES_MAX = 3;

/** Rule 4: nothing is bought that could not be offered to the queue runner, and nothing paid for is thrown away. */
export const paidTimeIsUsed = (facts: Facts): readonly string[] => [
  ...boughtInVain(facts),
  ...boughtForAnother(facts),
  ...thrownAway(facts),
];

function boughtInVain({ observation: { unofferable, state, runner }, plan }: Facts): readonly string[] {
  const former = state.farm.runner?.kind ?? 'cpp';
  // What failed with one queue runner says nothing of another.
  const times = (runner ?? former) === former ? (state.farm.offerFailures?.times ?? 0) : 0;
  if (unofferable === undefined && times < OFFER_FAILURES_MAX) return [];
  const bought = plan.actions.filter(({ kind }) => kind === 'launch' || kind === 'start');
  return bought.length === 0
    ? []
    : [
        `would ${bought.length === 1 ? '' : `${bought.length} times `}launch or start although no machine can be offered`,
      ];
}

/** A machine set up for the other queue runner would be of no use. */
const boughtForAnother = (facts: Facts): readonly string[] =>
  facts.plan.actions.flatMap((action) =>
    action.kind === 'launch' && !isForThisRunner(facts, action.launch)
      ? [`would launch ${action.launch.id} for another queue runner than the host has`]
      : [],
  );

/** Under hourly billing no machine is drained or ended for lack of demand before the end of the paid hour is near. */
function thrownAway(facts: Facts): readonly string[] {
  const { config, plan, before, endings } = facts;
  const nearSeconds = config.schedulePeriodSeconds + DRAIN_SECONDS;
  const ended = new Map(endings.map(({ instanceId, kind }) => [instanceId, kind]));
  return plan.machines.flatMap((machine) => {
    const { instanceId, phase } = machine;
    const isNewDrain = phase === 'draining' && before.get(instanceId)?.phase === 'ready';
    const what = ended.get(instanceId) ?? (isNewDrain ? 'drain' : undefined);
    if (what === undefined || !isOnlyUnneeded(facts, machine)) return [];
    const left = secondsPaid(facts, machine);
    return left > nearSeconds
      ? [`would ${what} ${instanceId} with ${Math.round(left)} s paid for (${machine.reason})`]
      : [];
  });
}

function secondsPaid({ instances, observation }: Facts, { instanceId, billing }: Machine): number {
  const startedAt = instances.get(instanceId)?.startedAt;
  if (billing !== 'hourly' || startedAt === undefined) return 0;
  return HOUR_SECONDS - (Math.max(0, observation.now - startedAt) % HOUR_SECONDS);
}

/** Whether nothing but lack of demand speaks against a machine: it works, and no person has sent it away. */
function isOnlyUnneeded(facts: Facts, { instanceId, type: key }: Machine): boolean {
  const type = facts.types.get(key);
  const machine = facts.before.get(instanceId);
  const instance = facts.instances.get(instanceId);
  if (type === undefined || instance?.state !== 'running' || isTaken(facts, instanceId)) return false;
  if (instance.untagged === true || cannotBeOffered(facts, instanceId)) return false;
  // Its hour was over when AWS refused to end it, and AWS may yet do so.
  if (machine?.drain?.endAsked === true) return false;
  if (machineOrder(facts.observation.state.orders, instanceId)?.kind === 'drain') return false;
  if (isKnownUnreachable(facts, instanceId) || isKeyChanged(facts, instanceId)) return false;
  if (machine?.phase === 'booting')
    return facts.observation.now - machine.phaseSince < type.bootTimeoutSeconds;
  return machine === undefined || machine.phase === 'ready' || machine.phase === 'draining';
}

/** Whether it cannot be given work, for lack of what an offer needs: it has drained, or it has been so for as long as a boot may take. */
function cannotBeOffered({ before, after, types, observation, dialect }: Facts, id: string): boolean {
  const machine = before.get(id);
  const known = machine ?? after.get(id);
  if (known !== undefined && !isForThisRunner({ dialect }, known)) return true;
  if (machine?.phase === 'draining') return !dialect.isOfferable(after.get(id) ?? machine);
  if (machine?.phase !== 'ready' || machine.offered !== undefined) return false;
  const seconds = types.get(machine.type)?.bootTimeoutSeconds ?? 0;
  return !dialect.isOfferable(machine) && observation.now - machine.phaseSince >= seconds;
}
