/** Looks at everything once: what is remembered, what EC2 shows, what the Hydra host says. */
import type { Config } from '../core/config/config.ts';
import type { FarmState, Instance, Machine, Observation } from '../core/model.ts';
import { wantsProbe } from '../core/plan/boot.ts';
import { wantsQuietCheck } from '../core/plan/drain.ts';
import type {
  Clock,
  HydraHost,
  Journal,
  Lease,
  MachineFleet,
  Notifier,
  ProbeRequest,
  StateStore,
} from '../ports.ts';

/** What a tick works with. */
export interface Ports {
  readonly host: HydraHost;
  readonly fleet: MachineFleet;
  readonly store: StateStore;
  readonly clock: Clock;
  /** Absent where none is kept. */
  readonly journal?: Journal;
  /** Absent where nobody is told. */
  readonly notifier?: Notifier;
}

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
  const [state, instances] = await Promise.all([store.load(clock.now(), lease), fleet.describe()]);
  const [view, hostKeys, storeUse] = await Promise.all([
    host.look(probeRequests(config, state, instances)),
    fleet.hostKeys(idsOf(state.machines, (machine) => wantsHostKey(config, machine))),
    fleet.storeUse(idsOf(state.machines, wantsQuietCheck)),
  ]);
  return {
    now: clock.now(),
    state,
    instances,
    queue: view.queue,
    ...(view.file === undefined ? {} : { file: view.file }),
    probes: view.probes,
    hostKeys,
    storeUse,
  };
}

const idsOf = (machines: readonly Machine[], filter: (machine: Machine) => boolean): readonly string[] =>
  machines.filter(filter).map(({ instanceId }) => instanceId);

function wantsHostKey(config: Config, machine: Machine): boolean {
  const type = config.machineTypes.find(({ key }) => key === machine.type);
  const isWorking = machine.phase === 'booting' || machine.phase === 'ready';
  return isWorking && machine.hostKey === undefined && type?.publicHostKey === undefined;
}

function probeRequests(
  config: Config,
  state: FarmState,
  instances: readonly Instance[],
): readonly ProbeRequest[] {
  const addresses = new Map(instances.map(({ instanceId, address }) => [instanceId, address]));
  return state.machines.filter(wantsProbe).flatMap(({ instanceId, type: key, hostKey }) => {
    const type = config.machineTypes.find((other) => other.key === key);
    const address = addresses.get(instanceId);
    const pinned = hostKey ?? type?.publicHostKey;
    if (address === undefined || pinned === undefined) return [];
    const sshKey = type?.sshKey === undefined ? {} : { sshKey: type.sshKey };
    return [{ instanceId, address, hostKey: pinned, ...sshKey }];
  });
}
