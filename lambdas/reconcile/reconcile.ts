/**
 * The tick: observe, plan, act, announce, report, until settled. An event only wakes it; everything is decided from
 * what is seen. A tick may die between any two lines here, and the next one goes on from what was saved.
 */
import { checkPlan } from '../core/check/check-plan.ts';
import type { Config } from '../core/config/config.ts';
import type { EpochSeconds, Machine, Observation } from '../core/model.ts';
import { makePlan } from '../core/plan/plan.ts';
import type { Plan } from '../core/plan/plan.ts';
import { LeaseLostError, UnsavedError } from '../ports.ts';
import type { Lease, Reporter, StateChanges, StateStore } from '../ports.ts';
import { act } from './act.ts';
import { announce } from './announce.ts';
import { observe } from './observe.ts';
import type { Ports } from './observe.ts';
import { RoundLog } from './round-log.ts';
import { busy, summarise } from './summary.ts';
import type { Summary } from './summary.ts';

/** One tick's terms. */
export interface TickTerms {
  /** Unique for this tick; shown to whoever finds the lease taken. */
  readonly holder: string;
  /** No new round starts that could end after this. */
  readonly deadline: EpochSeconds;
}

/** The lease outlives any one stage of a round and is renewed between them, in seconds. */
const LEASE_SECONDS = 150;
/** Between two rounds, in seconds: half the runner's poll, so that a drain's steps are seen soon. */
const SETTLE_SECONDS = 15;
/** What a round may take, in seconds: a look and a publication, each bounded by its time-out. */
const ROUND_SECONDS = 30;

/** Runs one tick. @throws what kept a round from seeing or saving anything, after the lease was given back. */
export async function reconcile(
  ports: Ports,
  config: Config,
  reporter: Reporter,
  terms: TickTerms,
): Promise<Summary> {
  const { store, clock } = ports;
  const taken = await store.acquire(terms.holder, clock.now(), LEASE_SECONDS);
  if ('heldBy' in taken) return busy(taken.heldBy, clock.now());
  const log = new RoundLog(reporter);
  try {
    return await runRounds(ports, config, log, taken.lease, terms);
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
    log.problem('another tick has taken the lease; this one stops', { reason: error.message });
    return log.lastSummary('superseded');
  } finally {
    await store.release(taken.lease);
  }
}

async function runRounds(
  ports: Ports,
  config: Config,
  log: RoundLog,
  first: Lease,
  terms: TickTerms,
): Promise<Summary> {
  const { clock, store } = ports;
  let lease = first;
  for (let round = 1; ; round++) {
    lease = await store.renew(lease, clock.now(), LEASE_SECONDS);
    const settled = await runRound(ports, config, log, lease, round);
    const isLast = settled || clock.now() + SETTLE_SECONDS + ROUND_SECONDS > terms.deadline;
    if (isLast) return log.lastSummary('done');
    await clock.sleep(SETTLE_SECONDS);
  }
}

/** One round. Returns whether there is no use in another before the next tick. */
async function runRound(
  ports: Ports,
  config: Config,
  log: RoundLog,
  lease: Lease,
  round: number,
): Promise<boolean> {
  const observation = await observe(ports, config);
  const start = Math.round(observation.now).toString(36);
  const plan = makePlan(config, observation, (n) => `${start}-${lease.fence}-${round}-${n}`);
  const violations = checkPlan(config, observation, plan);
  if (violations.length > 0 || config.observeOnly) {
    log.round(summarise(config, observation, plan, plan.machines, violations), plan.decisions);
    return true;
  }
  const machines = await carryOut(ports, config, log, lease, observation, plan);
  log.round(summarise(config, observation, plan, machines, []), plan.decisions);
  return plan.settled;
}

/** Intents first, then EC2, then the file, then what came of it. */
async function carryOut(
  { store, fleet, host, clock }: Ports,
  config: Config,
  log: RoundLog,
  lease: Lease,
  observation: Observation,
  plan: Plan,
): Promise<readonly Machine[]> {
  const unsaved = await saveWhatIsPossible(
    store,
    lease,
    changes(observation.state.machines, observation, plan),
    log,
  );
  const outcome = await act(fleet, config, observation, plan, unsaved);
  for (const { what, refusal } of outcome.problems) log.problem(`${what} was refused`, { ...refusal });
  log.acted(outcome.done, plan.actions);
  const announced = await announce(host, observation, plan, outcome.machines);
  if (announced.problem !== undefined)
    log.problem('the machines file could not be published', { reason: announced.problem });
  await store.renew(lease, clock.now(), LEASE_SECONDS);
  const farm = { ...plan.farm, backOffs: outcome.backOffs };
  await saveWhatIsPossible(
    store,
    lease,
    {
      ...(farm.backOffs === plan.farm.backOffs ? {} : { farm }),
      machines: changed(plan.machines, announced.machines),
      closedMachines: [],
      launches: [],
      closedLaunches: outcome.answeredLaunches,
    },
    log,
  );
  return announced.machines;
}

function changes(before: readonly Machine[], observation: Observation, plan: Plan): StateChanges {
  const known = new Set(observation.state.launches.map(({ id }) => id));
  return {
    farm: plan.farm,
    machines: changed(before, plan.machines),
    closedMachines: [...plan.closedMachines.keys()],
    launches: plan.launches.filter(({ id }) => !known.has(id)),
    closedLaunches: plan.closedLaunches,
  };
}

/** Those of `after` that differ from what was there before: a steady farm writes nothing a machine. */
function changed(before: readonly Machine[], after: readonly Machine[]): readonly Machine[] {
  const old = new Map(before.map((machine) => [machine.instanceId, machine]));
  return after.filter((machine) => {
    const was = old.get(machine.instanceId);
    return was !== machine && JSON.stringify(was) !== JSON.stringify(machine);
  });
}

/** Saves; single records that cannot be written are reported and returned, and nothing else waits for them. */
async function saveWhatIsPossible(
  store: StateStore,
  lease: Lease,
  what: StateChanges,
  log: RoundLog,
): Promise<readonly string[]> {
  try {
    await store.save(lease, what);
    return [];
  } catch (error) {
    if (!(error instanceof UnsavedError)) throw error;
    log.problem('some records could not be saved', { reason: error.message, unsaved: error.unsaved });
    return error.unsaved;
  }
}
