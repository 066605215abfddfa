/** What several rules look up in an observation or a plan. */
import type { Action, Instance, Machine, Observation } from '../model.ts';
import type { Plan } from '../plan/plan.ts';

export type Ending = Extract<Action, { kind: 'stop' | 'terminate' }>;

export const endingsOf = (plan: Plan): readonly Ending[] =>
  plan.actions.filter((action): action is Ending => action.kind === 'stop' || action.kind === 'terminate');

export const stored = (observation: Observation, id: string): Machine | undefined =>
  observation.state.machines.find(({ instanceId }) => instanceId === id);

export const shown = (observation: Observation, id: string): Instance | undefined =>
  observation.instances.find(({ instanceId }) => instanceId === id);

/** Whether it was doubted to answer before, and has not answered now. */
export const isKnownUnreachable = (observation: Observation, id: string): boolean =>
  stored(observation, id)?.unreachableSince !== undefined &&
  !observation.probes.some(({ instanceId, reached }) => instanceId === id && reached);

/** Whether EC2 shows it at another address than the queue runner knows it at. */
export function isAddressChanged(observation: Observation, id: string): boolean {
  const [before, now] = [stored(observation, id)?.address, shown(observation, id)?.address];
  return before !== undefined && now !== undefined && before !== now;
}

/** An instance that exists: stopped ones too. */
export const exists = ({ state }: Pick<Instance, 'state'>): boolean =>
  state !== 'terminated' && state !== 'shutting-down';
