/** Looks at everything once: what is remembered, what EC2 shows, what the Hydra host says. */
import type { Config } from '../core/config/config.ts';
import type { Dialect } from '../core/life/dialect.ts';
import { hasEverOffered } from '../core/life/offering.ts';
import { runnerOf } from '../core/life/runner.ts';
import type { EpochSeconds, FarmState, Instance, Observation } from '../core/model/index.ts';
import { wantsReadinessCheck } from '../core/life/boot.ts';
import { wantsQuietCheck } from '../core/life/drain.ts';
import { templatesToAskFor } from '../core/life/origin.ts';
import { withoutRepeats } from '../core/reason/problem.ts';
import type {
  Candidate,
  FleetView,
  FoundMachines,
  FoundTemplates,
  HostView,
  Identities,
  Lease,
  MachineFleet,
  Ports,
} from '../ports.ts';

/** Said to people who look before a first tick, or get a wrong answer: nobody can tell which. */
export const NOTHING_SHOWN =
  'the state table shows no record of this farm: no tick has run yet, or the answer is wrong';

/**
 * One observation. The host is asked last, so that it checks candidates at this round's addresses, and as what they said
 * that they are: a machine is ready in the very round in which its identity is learnt.
 * @param lease the lease it is made under; absent for people who only look.
 * @throws when the store or EC2 cannot be read: without them nothing may be concluded.
 */
export async function observe(
  { host, fleet, builders, dialects, store, clock }: Ports,
  config: Config,
  lease?: Lease,
): Promise<Observation> {
  const [state, shown] = await Promise.all([store.load(clock.now(), lease), fleet.describe()]);
  const hidden = await askFor(fleet, state, shown);
  const instances = [...shown.instances, ...hidden.instances];
  const all = candidatesOf(config, state, instances);
  const { life } = dialects[runnerOf({ state })];
  const candidates = all.filter(({ machine }) => wantsReadinessCheck(machine));
  const learning = builders.identities(idsOf(all, (candidate) => wantsIdentity(life, candidate)));
  const look = async (): Promise<{ readonly askedAt: EpochSeconds; readonly view: HostView }> => {
    const known = knownBy(candidates, await learning);
    const askedAt = clock.now();
    return { askedAt, view: await host.look({ candidates: known, hasOffered: hasEverOffered(state.farm) }) };
  };
  const [{ askedAt, view }, identities, storeUse, templates] = await Promise.all([
    look(),
    learning,
    builders.storeUse(idsOf(all, ({ machine }) => life.asksMachines && wantsQuietCheck(machine))),
    askForTemplates(fleet, templatesToAskFor(config, state, instances)),
  ]);
  const problems = [
    ...(state.isBlank === undefined || lease !== undefined ? [] : [{ says: NOTHING_SHOWN }]),
    ...[shown, hidden, identities, storeUse, templates].flatMap((answer) => answer.problems),
  ];
  return {
    now: clock.now(),
    askedAt,
    state,
    instances,
    ...view,
    identities: identities.identities,
    ...(identities.objections === undefined ? {} : { objections: identities.objections }),
    storeUse: storeUse.uses,
    ...(templates.templates === undefined ? {} : { templates: templates.templates }),
    denied: hidden.denied,
    problems: withoutRepeats(problems),
  };
}

/** Not being shown is no evidence: EC2 is asked by id for everything that counts and that its answer has left out. */
async function askFor(
  fleet: MachineFleet,
  { machines, farm: { unrecorded = [] } }: FarmState,
  { instances }: FleetView,
): Promise<FoundMachines> {
  const shown = new Set(instances.map(({ instanceId }) => instanceId));
  const known = [...machines, ...unrecorded].map(({ instanceId }) => instanceId);
  const hidden = known.filter((instanceId) => !shown.has(instanceId));
  return hidden.length === 0 ? { instances: [], denied: new Set(), problems: [] } : fleet.find(hidden);
}

const askForTemplates = async (fleet: MachineFleet, names: readonly string[]): Promise<FoundTemplates> =>
  names.length === 0 ? { problems: [] } : fleet.templates(names);

const idsOf = (
  candidates: readonly Candidate[],
  filter: (candidate: Candidate) => boolean,
): readonly string[] => candidates.filter(filter).map(({ machine }) => machine.instanceId);

/** Until a machine is ready, even once it is known: the other way to learn it may tell another. */
function wantsIdentity(dialect: Dialect, { machine: { phase, identity }, type }: Candidate): boolean {
  const isAsked =
    dialect.asksMachines && (phase === 'booting' || (phase === 'ready' && identity === undefined));
  return isAsked && (type === undefined || dialect.sharedIdentity(type) === undefined);
}

/** What was known before counts: another answer is an objection, and no new identity. */
const knownBy = (candidates: readonly Candidate[], { identities }: Identities): readonly Candidate[] =>
  candidates.map((candidate) => {
    const identity = candidate.machine.identity ?? identities.get(candidate.machine.instanceId);
    return identity === undefined ? candidate : { ...candidate, machine: { ...candidate.machine, identity } };
  });

function candidatesOf(
  { machineTypes }: Config,
  { machines }: FarmState,
  instances: readonly Instance[],
): readonly Candidate[] {
  const addresses = new Map(instances.map(({ instanceId, address }) => [instanceId, address]));
  return machines.map((machine) => {
    const address = addresses.get(machine.instanceId);
    const type = machineTypes.find(({ key }) => key === machine.type);
    return { machine, type, ...(address === undefined ? {} : { address }) };
  });
}
