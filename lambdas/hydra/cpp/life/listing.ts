/** What the machines file shall say: every machine that is offered, and one placeholder per type so that demand stays visible. */
import type { Config } from '../../../core/config/config.ts';
import type { MachineType } from '../../../core/config/machine-type.ts';
import { featuresOf, systemsOf } from '../../../core/config/machine-type.ts';
import type { Offer } from '../../../core/life/dialect.ts';
import type { Planned } from '../../../core/life/planned.ts';
import { speedsOf } from './speed.ts';

/** One line of the machines file, in domain words. */
export interface Listing {
  /** The machine, or undefined for a placeholder that only keeps demand visible. */
  readonly instanceId?: string;
  /** Host name or IP address, without a port. */
  readonly address: string;
  /** The user the queue runner connects as; absent for root. */
  readonly sshUser?: string;
  /** Absent for 22. */
  readonly sshPort?: number;
  readonly systems: readonly string[];
  readonly sshKey?: string;
  /** 0 on a placeholder. */
  readonly maxJobs: number;
  readonly speedFactor: number;
  readonly supportedFeatures: readonly string[];
  readonly mandatoryFeatures: readonly string[];
  readonly hostKey?: string;
}

/**
 * The ready machines that can have a line. An address belongs to one machine: to the one EC2 shows there, not to its
 * predecessor that is gone.
 */
export function offersOf(machines: readonly Planned[]): readonly Offer[] {
  const ready = machines.flatMap(({ machine, type, instance }) => {
    if (machine.phase !== 'ready' || type === undefined || machine.address === undefined) return [];
    // None is listed without a pinned key, but one at work without it (taken over from elsewhere) is not thrown out.
    if (machine.identity === undefined && machine.offered === undefined) return [];
    return [{ machine, type, isRunning: instance?.state === 'running' }];
  });
  const byAddress = new Map<string | undefined, Offer>();
  for (const { machine, type } of ready.toSorted((a, b) => Number(b.isRunning) - Number(a.isRunning)))
    if (!byAddress.has(machine.address)) byAddress.set(machine.address, { machine, type });
  return [...byAddress.values()];
}

/**
 * The file for these machines. Hydra fails a step at once when no listed machine supports it; a line with max-jobs 0
 * and a host name that cannot exist keeps it waiting, is never connected to and never given work
 * (measured: docs/develop/facts.md#a-placeholder-line-keeps-steps-waiting).
 */
export const listingsFor = (
  { tag, machineTypes }: Pick<Config, 'tag' | 'machineTypes'>,
  offers: readonly Offer[],
): readonly Listing[] => {
  const speeds = speedsOf(machineTypes, offers);
  return [
    ...offers.map((offer) => ({ ...lineOf(offer), speedFactor: speeds(offer) })),
    ...machineTypes.map((type, index) => placeholder(tag, type, index)),
  ];
};

function lineOf({ machine: { instanceId, address = '', identity }, type }: Offer): Listing {
  const pinned = identity === undefined ? {} : { hostKey: identity };
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
