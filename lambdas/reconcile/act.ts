/** Carries a plan's actions out on EC2 and says what became of each. One refusal never stops the others. */
import type { Config } from '../core/config/config.ts';
import type { Launch, Observation } from '../core/model/index.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { InstanceResult, MachineFleet } from '../ports.ts';
import { afterEndings, afterLaunch, afterStart, withoutStop } from './answered.ts';
import type { Outcome, SentLaunch } from './answered.ts';

/**
 * @param unsaved instance and launch ids whose intent could not be saved: they are left for the next round. With `farm`
 * among them nothing is launched or started, since what comes of it could not be remembered.
 */
export async function act(
  fleet: MachineFleet,
  config: Config,
  observation: Observation,
  plan: Plan,
  unsaved: readonly string[],
): Promise<Outcome> {
  const { now } = observation;
  const isForgetful = unsaved.includes('farm');
  const actions = plan.actions
    .filter(({ kind }) => !isForgetful || (kind !== 'launch' && kind !== 'start'))
    .filter((action) => !unsaved.includes(action.kind === 'launch' ? action.launch.id : action.instanceId));
  const ids = (kind: 'start' | 'stop' | 'terminate'): readonly string[] =>
    actions.flatMap((action) => (action.kind === kind ? [action.instanceId] : []));
  const launches = actions.flatMap((action) => (action.kind === 'launch' ? [action.launch] : []));
  const [terminated, stopped, started, launched] = await Promise.all([
    inBulk((all) => fleet.terminate(all), ids('terminate')),
    inBulk((all) => fleet.stop(all), ids('stop')),
    inBulk((all) => fleet.start(all), ids('start')),
    Promise.all(launches.map(async (launch) => sendLaunch(fleet, config, launch))),
  ]);
  const before: Outcome = {
    machines: plan.machines,
    answeredLaunches: [],
    backOffs: plan.farm.backOffs,
    refused: 0,
    problems: [],
    done: { launch: 0, start: 0, stop: 0, terminate: 0 },
  };
  const ended = withoutStop(
    afterEndings(afterEndings(before, 'terminate', terminated), 'stop', stopped),
    stopped,
    now,
  );
  const woken = started.reduce((outcome, result) => afterStart(outcome, observation, result), ended);
  return launched.reduce((outcome, sent) => afterLaunch(outcome, sent, now), woken);
}

async function inBulk(
  send: (ids: readonly string[]) => Promise<readonly InstanceResult[]>,
  ids: readonly string[],
): Promise<readonly InstanceResult[]> {
  return ids.length === 0 ? [] : send(ids);
}

const NOTHING = { answered: true, instanceIds: [], pools: new Map(), refusals: [] } as const;

/** A launch whose type has left the configuration is given up: what it may have brought is adopted by its tags. */
async function sendLaunch(fleet: MachineFleet, config: Config, launch: Launch): Promise<SentLaunch> {
  const type = config.machineTypes.find(({ key }) => key === launch.type);
  if (type === undefined) return { launch, type, result: NOTHING };
  return { launch, type, result: await fleet.launch(launch, type) };
}
