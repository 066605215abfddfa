/** What the machines file shall say: every ready machine, and one placeholder per type so that demand stays visible. */
import type { Config } from '../config/config.ts';
import type { MachineType } from '../config/machine-type.ts';
import { featuresOf, systemsOf } from '../config/machine-type.ts';
import type { Listing, Machine, Sighting } from '../model/index.ts';
import { without } from './planned.ts';
import type { Planned } from './planned.ts';

/**
 * The file for these machines. Hydra fails a step at once when no listed machine supports it; a line with max-jobs 0
 * and a host name that cannot exist keeps it waiting, is never connected to and never given work
 * (measured: docs/develop/facts.md#a-placeholder-line-keeps-steps-waiting).
 */
export function listingsFor(config: Config, machines: readonly Planned[]): readonly Listing[] {
  const working = machines.flatMap(({ machine, type, instance }): [Listing, boolean][] => {
    if (machine.phase !== 'ready' || type === undefined) return [];
    // None is listed without a pinned key, but one at work without it (taken over from elsewhere) is not thrown out.
    if (machine.address === undefined || (machine.identity === undefined && machine.offered === undefined))
      return [];
    return [[machineListing(machine, type, machine.address), instance?.state === 'running']];
  });
  // An address belongs to one machine: to the one EC2 shows there, not to its predecessor that is gone.
  const [present, others] = [working.filter(([, runs]) => runs), working.filter(([, runs]) => !runs)];
  const byAddress = new Map<string, Listing>();
  for (const [listing] of [...present, ...others]) {
    if (!byAddress.has(listing.address)) byAddress.set(listing.address, listing);
  }
  return [
    ...byAddress.values(),
    ...config.machineTypes.map((type, index) => placeholder(config.tag, type, index)),
  ];
}

function machineListing(
  { instanceId, identity: hostKey }: Machine,
  type: MachineType,
  address: string,
): Listing {
  const pinned = hostKey === undefined ? {} : { hostKey };
  return { ...common(type), instanceId, address, ...pinned, maxJobs: type.maxJobs };
}

/** The queue runner merges all its files by host, so each farm has its own names for placeholders. */
function placeholder(tag: string, type: MachineType, index: number): Listing {
  const address = `placeholder-${index + 1}.${asHostName(tag)}.hydra-autoscaler.invalid`;
  return { ...common(type), address, maxJobs: 0 };
}

/** Host names know no case and few characters. */
const HOST_NAME_CHARACTERS = 180;

/** A tag as part of a host name, a different one for every tag: what a name cannot hold becomes `z` and its code. */
const asHostName = (tag: string): string =>
  tag
    .replaceAll(/[^a-y0-9-]/g, (character) => `z${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .slice(0, HOST_NAME_CHARACTERS);

/** Features in the type's name are demanded of steps as well, as with hydra-provisioner, so they fill both columns. */
function common(type: MachineType): Omit<Listing, 'address' | 'maxJobs'> {
  return {
    systems: systemsOf(type),
    sshUser: type.sshUser,
    sshPort: type.sshPort,
    ...(type.sshKey === undefined ? {} : { sshKey: type.sshKey }),
    speedFactor: type.speedFactor,
    supportedFeatures: featuresOf(type),
    mandatoryFeatures: type.features,
  };
}

/** Notes, once the file was verified, whose line is in it and whose is not. */
export function confirmListings(
  machines: readonly Machine[],
  listings: readonly Listing[],
  verified: Sighting,
): readonly Machine[] {
  const listed = new Set(listings.map(({ instanceId }) => instanceId));
  return machines.map((machine) => {
    if (listed.has(machine.instanceId))
      return machine.offered === undefined ? { ...machine, offered: verified } : machine;
    if (machine.phase !== 'draining' || machine.drain === undefined || machine.drain.withdrawn !== undefined)
      return machine;
    return { ...without(machine, 'offered'), drain: { ...machine.drain, withdrawn: verified } };
  });
}

/** Notes that the runner has read a listed machine's line. */
export function noteSeenListed({ machine, seen }: Planned, sighting: Sighting): Machine {
  const first = machine.offered !== undefined && machine.seenOffered === undefined && seen?.offered === true;
  return first && machine.phase === 'ready' ? { ...machine, seenOffered: sighting } : machine;
}
