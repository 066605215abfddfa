/** What is written to the store of a round, and what happens when it cannot be. */
import type { Offer } from '../core/life/dialect.ts';
import type { Machine, Observation } from '../core/model/index.ts';
import { isMachineOrder } from '../core/reason/orders.ts';
import type { Plan } from '../core/plan/plan.ts';
import { UnsavedError } from '../ports.ts';
import type { StateChanges, StateStore } from '../ports.ts';
import type { Round } from './round.ts';

/** What a plan changes of what was remembered. */
export function changes({ state }: Observation, plan: Plan): StateChanges {
  const known = new Set(state.launches.map(({ id }) => id));
  return {
    farm: plan.farm,
    machines: changed(state.machines, plan.machines),
    closedMachines: [...plan.closedMachines.keys()],
    launches: plan.launches.filter(({ id }) => !known.has(id)),
    closedLaunches: plan.closedLaunches,
  };
}

/** Those of `after` that differ from what was there before: a steady farm writes nothing per machine. */
export function changed(before: readonly Machine[], after: readonly Machine[]): readonly Machine[] {
  const old = new Map(before.map((machine) => [machine.instanceId, machine]));
  return after.filter((machine) => {
    const was = old.get(machine.instanceId);
    return was !== machine && JSON.stringify(was) !== JSON.stringify(machine);
  });
}

/** Saves; single records that cannot be written are reported and returned, and nothing else waits for them. */
export async function saveWhatIsPossible(
  { ports, lease, report }: Pick<Round, 'ports' | 'lease' | 'report'>,
  what: StateChanges,
): Promise<readonly string[]> {
  try {
    await ports.store.save(lease, what);
    return [];
  } catch (error) {
    if (!(error instanceof UnsavedError)) throw error;
    report.problem('some records could not be saved', { says: error.message, unsaved: error.unsaved });
    return error.unsaved;
  }
}

/**
 * What may be offered: no machine is given work that no record calls ready, or the next tick could take it for one that
 * never was.
 */
export function offerable(
  { state }: Observation,
  { offers }: Plan,
  unsaved: readonly string[],
): readonly Offer[] {
  const ready = new Set(
    state.machines.filter(({ phase }) => phase === 'ready').map(({ instanceId }) => instanceId),
  );
  return offers.filter(
    ({ machine: { instanceId } }) => !unsaved.includes(instanceId) || ready.has(instanceId),
  );
}

/** An order goes with its machine. One that stays behind, because this failed or a tick died here, goes with the next tick. */
export async function forgetOrders(
  store: StateStore,
  { state, instances }: Observation,
  { machines }: Plan,
): Promise<void> {
  const there = new Set([
    ...machines.map(({ instanceId }) => instanceId),
    ...instances.filter(({ state: now }) => now !== 'terminated').map(({ instanceId }) => instanceId),
  ]);
  const gone = (state.orders ?? []).flatMap((order) =>
    !isMachineOrder(order) || there.has(order.instanceId) ? [] : [order.instanceId],
  );
  await Promise.allSettled(gone.map((instanceId) => store.removeOrder({ instanceId })));
}
