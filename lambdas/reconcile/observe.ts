/** Looks at everything once: what is remembered, what EC2 shows, what the Hydra host says. */
import type { Config } from '../core/config/config.ts';
import type { MachineType } from '../core/config/machine-type.ts';
import { hasEverOffered } from '../core/life/file-owner.ts';
import type { FarmState, Instance, Machine, Observation } from '../core/model/index.ts';
import { wantsReadinessCheck } from '../core/life/boot.ts';
import { wantsQuietCheck } from '../core/life/drain.ts';
import { templatesToAskFor } from '../core/life/origin.ts';
import { withoutRepeats } from '../core/reason/problem.ts';
import type {
  FleetView,
  FoundMachines,
  FoundTemplates,
  HostView,
  Lease,
  MachineFleet,
  Ports,
  ReadinessCheck,
} from '../ports.ts';

/** Said to people who look before a first tick, or get a wrong answer: nobody can tell which. */
export const NOTHING_SHOWN =
  'the state table shows no record of this farm: no tick has run yet, or the answer is wrong';

/**
 * One observation. The host is asked last, so that the probes it carries out know this round's addresses.
 * @param lease the lease it is made under; absent for people who only look.
 * @throws when the store or EC2 cannot be read: without them nothing may be concluded.
 */
export async function observe(
  { host, fleet, store, clock }: Ports,
  config: Config,
  lease?: Lease,
): Promise<Observation> {
  const [state, shown] = await Promise.all([store.load(clock.now(), lease), fleet.describe()]);
  const hidden = await askFor(fleet, state, shown);
  const instances = [...shown.instances, ...hidden.instances];
  const [view, hostKeys, storeUse, templates] = await Promise.all([
    host.look(probeRequests(config, state, instances)),
    fleet.hostKeys(idsOf(state.machines, (machine) => wantsHostKey(config, machine))),
    fleet.storeUse(idsOf(state.machines, wantsQuietCheck)),
    askForTemplates(fleet, templatesToAskFor(config, state, instances)),
  ]);
  const problems = [
    ...(state.isBlank === undefined || lease !== undefined ? [] : [{ says: NOTHING_SHOWN }]),
    ...[shown, hidden, hostKeys, storeUse, templates].flatMap((answer) => answer.problems),
  ];
  return {
    now: clock.now(),
    state,
    instances,
    queue: view.queue,
    ...standingFile(view, state, config),
    readiness: view.readiness,
    identities: hostKeys.keys,
    ...(hostKeys.objections === undefined ? {} : { objections: hostKeys.objections }),
    storeUse: storeUse.uses,
    ...(templates.templates === undefined ? {} : { templates: templates.templates }),
    denied: hidden.denied,
    problems: withoutRepeats(problems),
  };
}

/** The machines file, if it may be this farm's, and why a person has to do something before it can be written. */
function standingFile(
  { offer, unofferable, isUnnamed }: HostView,
  { farm }: FarmState,
  { host, tag }: Config,
): Pick<Observation, 'offer' | 'unofferable'> {
  if (isUnnamed !== true || hasEverOffered(farm))
    return {
      ...(offer === undefined ? {} : { offer }),
      ...(unofferable === undefined ? {} : { unofferable }),
    };
  const says = `${host.machinesFile} was written by hydra-autoscaler, but does not say for which farm, and ${tag} has never written it`;
  const remedy = 'give host.machinesFile a path of its own, or remove that file if no farm uses it';
  return { unofferable: { says, remedy } };
}

/** Not being shown is no evidence: EC2 is asked by id for everything that counts and that the listing has left out. */
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

const idsOf = (machines: readonly Machine[], filter: (machine: Machine) => boolean): readonly string[] =>
  machines.filter(filter).map(({ instanceId }) => instanceId);

/** Until a machine is ready, even once it has told its key: the other way to learn it may tell another. */
function wantsHostKey(config: Config, { type: typeKey, phase, identity: hostKey }: Machine): boolean {
  const type = config.machineTypes.find(({ key }) => key === typeKey);
  const isAsked = phase === 'booting' || (phase === 'ready' && hostKey === undefined);
  return isAsked && type?.publicHostKey === undefined;
}

function probeRequests(
  config: Config,
  state: FarmState,
  instances: readonly Instance[],
): readonly ReadinessCheck[] {
  const addresses = new Map(instances.map(({ instanceId, address }) => [instanceId, address]));
  return state.machines
    .filter(wantsReadinessCheck)
    .flatMap(({ instanceId, type: key, identity: hostKey }) => {
      const type = config.machineTypes.find((other) => other.key === key);
      const address = addresses.get(instanceId);
      const pinned = hostKey ?? type?.publicHostKey;
      if (address === undefined || pinned === undefined) return [];
      return [{ instanceId, address, hostKey: pinned, ...loginOf(type) }];
    });
}

/** How the queue runner would log in. */
function loginOf(type: MachineType | undefined): Pick<ReadinessCheck, 'sshUser' | 'sshPort' | 'sshKey'> {
  if (type === undefined) return {};
  const { sshUser, sshPort, sshKey } = type;
  return { sshUser, sshPort, ...(sshKey === undefined ? {} : { sshKey }) };
}
