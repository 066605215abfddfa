/** Carries a plan's actions out on EC2: intents are saved first, and one refusal never stops the others. */
import type { Decided } from '../core/account/account.ts';
import { afterCalls } from '../core/plan/after-calls.ts';
import type { Answers, SentLaunch } from '../core/plan/after-calls.ts';
import type { Config } from '../core/config/config.ts';
import type { Launch } from '../core/model/index.ts';
import { outcomeInWords } from '../core/model/index.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { InstanceResult, MachineFleet } from '../ports.ts';
import { LEASE_SECONDS } from './lease.ts';
import type { Acted, Round } from './round.ts';
import { changes, saveWhatIsPossible } from './save.ts';

/** @throws LeaseLostError when another tick has taken over: then nothing was sent to EC2. */
export async function act(round: Round, { observation, plan }: Decided): Promise<Acted> {
  const { ports, config, lease, report } = round;
  const unsaved = await saveWhatIsPossible(round, changes(observation, plan));
  report.add({ givenUp: plan.failed.filter(({ instanceId }) => !unsaved.includes(instanceId)).length });
  // A tick that took over before this has not seen what was just saved; one that does so from here on has.
  if (plan.actions.length > 0) await ports.store.renew(lease, ports.clock.now(), LEASE_SECONDS);
  const outcome = afterCalls(plan, observation, await sendActions(ports.fleet, config, plan, unsaved));
  for (const { what, refusal } of outcome.problems)
    report.problem(`${what} ${outcomeInWords(refusal)}`, { ...refusal });
  report.add({ outcome });
  return { outcome, unsaved };
}

/**
 * @param unsaved instance and launch ids whose intent could not be saved: they are left for the next round. With `farm`
 * among them nothing is launched or started, since what comes of it could not be remembered.
 */
export async function sendActions(
  fleet: MachineFleet,
  config: Config,
  plan: Plan,
  unsaved: readonly string[],
): Promise<Answers> {
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
  return { terminated, stopped, started, launched };
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
