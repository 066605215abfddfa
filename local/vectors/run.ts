/** Runs one tick of our plan on a decision vector. */
import { renderMachinesFile } from '../../lambdas/adapters/hydra-cpp/machines-file.ts';
import type { Action } from '../../lambdas/core/model.ts';
import { makePlan } from '../../lambdas/core/plan/plan.ts';
import type { Plan } from '../../lambdas/core/plan/plan.ts';
import type { VectorCase, VectorResult } from './format.ts';
import { configOf, observationOf } from './observation.ts';

export function runVector(vector: VectorCase): VectorResult {
  const { config, problems } = configOf(vector);
  const observation = observationOf(vector);
  const plan = makePlan(config, observation, (n) => `vector-${n}`);
  const told = (kind: 'start' | 'stop' | 'terminate'): readonly string[] =>
    plan.actions.flatMap((action) => (action.kind === kind ? [action.instanceId] : [])).toSorted();
  const listed = plan.listings.flatMap(({ instanceId }) => instanceId ?? []).toSorted();
  const [start, stopped, terminated] = [told('start'), told('stop'), told('terminate')];
  const { queue } = observation;
  return {
    name: vector.name,
    wanted: byType(plan, ({ wanted }) => wanted),
    allowed: byType(plan, ({ allowed }) => allowed),
    launch: launchesByType(plan.actions),
    start,
    listed,
    drained: drainedOf(plan, new Set([...start, ...listed, ...stopped, ...terminated])),
    stopped,
    terminated,
    machinesFile: renderMachinesFile(plan.listings),
    problems: queue.trusted ? problems : [...problems, queue.reason],
  };
}

function byType(plan: Plan, of: (demand: Plan['demand']['types'][number]) => number): Record<string, number> {
  return Object.fromEntries(plan.demand.types.map((demand) => [demand.type.key, of(demand)]));
}

function launchesByType(actions: readonly Action[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const action of actions) {
    if (action.kind === 'launch')
      counts[action.launch.type] = (counts[action.launch.type] ?? 0) + action.launch.count;
  }
  return counts;
}

/** Machines out of use that this tick does not end: draining, stopped without being kept, or found to be gone. */
function drainedOf(plan: Plan, others: ReadonlySet<string>): readonly string[] {
  const keptStopped = new Set(
    plan.demand.types.filter(({ type }) => type.stopOnIdle).map(({ type }) => type.key),
  );
  const outOfUse = plan.machines.filter(({ phase, type }) => {
    if (phase === 'booting' || phase === 'ready') return false;
    return phase !== 'stopped' || !keptStopped.has(type);
  });
  const names = [...outOfUse.map(({ instanceId }) => instanceId), ...plan.closedMachines.keys()];
  return names.filter((name) => !others.has(name)).toSorted();
}
