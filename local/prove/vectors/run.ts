/** Runs one tick of our plan on a decision vector. */
import { cppLife } from '../../../lambdas/hydra/cpp/life/life.ts';
import { listingsFor } from '../../../lambdas/hydra/cpp/life/listing.ts';
import { renderMachinesFile } from '../../../lambdas/hydra/cpp/machines-file.ts';
import type { Action } from '../../../lambdas/core/model/index.ts';
import { problemInWords } from '../../../lambdas/core/reason/problem.ts';
import type { TypeDemand } from '../../../lambdas/core/capacity/demand.ts';
import { makePlan } from '../../../lambdas/core/plan/plan.ts';
import type { Plan } from '../../../lambdas/core/plan/plan.ts';
import type { VectorCase, VectorResult } from './format.ts';
import { configOf, observationOf } from './observation.ts';

export function runVector(vector: VectorCase): VectorResult {
  const { config, problems } = configOf(vector);
  const observation = observationOf(vector);
  const plan = makePlan(cppLife, config, observation, (n) => `vector-${n}`);
  const told = (kind: 'start' | 'stop' | 'terminate'): readonly string[] =>
    plan.actions.flatMap((action) => (action.kind === kind ? [action.instanceId] : [])).toSorted();
  const listed = plan.offers.map(({ machine }) => machine.instanceId).toSorted();
  const [start, stopped, terminated] = [told('start'), told('stop'), told('terminate')];
  const ended = new Set([...start, ...listed, ...stopped, ...terminated]);
  const { queue } = observation;
  return {
    name: vector.name,
    wanted: byType(plan, ({ wanted }) => wanted),
    allowed: byType(plan, ({ allowed }) => allowed),
    launch: launchesByType(plan.actions),
    start,
    listed,
    drained: drainedOf(plan).filter((name) => !ended.has(name)),
    stopped,
    terminated,
    machinesFile: renderMachinesFile(config.tag, listingsFor(config, plan.offers)),
    problems: queue.trusted ? problems : [...problems, problemInWords(queue)],
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

/**
 * Machines out of use that this tick does not end: draining, stopping, stopped without being kept, or found to be gone.
 * A stopping machine that its type still needs is started again as soon as it has stopped: it is not out of use.
 */
function drainedOf(plan: Plan): readonly string[] {
  const outOfUse = plan.demand.types.flatMap((demand) => outOfUseOf(plan, demand));
  const configured = new Set(plan.demand.types.map(({ type }) => type.key));
  const unconfigured = plan.machines.filter(({ type }) => !configured.has(type));
  return [
    ...outOfUse,
    ...unconfigured.map(({ instanceId }) => instanceId),
    ...plan.closedMachines.keys(),
  ].toSorted();
}

function outOfUseOf(plan: Plan, { type, allowed }: TypeDemand): readonly string[] {
  const ofType = plan.machines.filter((machine) => machine.type === type.key);
  const inUse = ofType.filter(({ phase }) => phase === 'booting' || phase === 'ready');
  const launched = launchesByType(plan.actions)[type.key] ?? 0;
  const stopping = ofType.filter(({ phase }) => phase === 'stopping');
  const comeBack = stopping.slice(0, Math.max(0, allowed - inUse.length - launched));
  return ofType
    .filter((machine) => !inUse.includes(machine) && !comeBack.includes(machine))
    .filter(({ phase }) => phase !== 'stopped' || !type.stopOnIdle)
    .map(({ instanceId }) => instanceId);
}
