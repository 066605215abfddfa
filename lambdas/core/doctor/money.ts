/** Whether machine types are billed as AWS bills their platform, and which of their settings cost more than they bring. */
import type { Config } from '../config/config.ts';
import { adviceFor, costsOf, hourlyCosts } from '../config/costs.ts';
import type { MachineType } from '../config/machine-type.ts';
import { isLinux } from '../config/policy.ts';
import { about, doubtful, good } from './finding.ts';
import type { Finding, Prerequisites, Said } from './finding.ts';

/** Platforms, as AWS shows them of an image. */
const BY_THE_SECOND = /^(Linux|Ubuntu|Red Hat|Windows|SQL Server)/;
/** How AWS bills a machine type, and what it bills so, in words. */
type AwsBilling =
  | { readonly billing: 'per-second'; readonly what: string }
  | { readonly billing: 'hourly'; readonly what: string; readonly otherwise: string };

/** The part of the farm that tells how it is billed. */
export interface Billed {
  readonly config: Config;
  /** By machine type. */
  readonly prerequisites: ReadonlyMap<string, Pick<Prerequisites, 'image'>>;
}

/** Machine types with the wrong `billing`. Where AWS's way is not known, nothing is wrong. */
export const examineMoney = ({ config, prerequisites }: Billed): readonly Finding[] =>
  config.machineTypes.flatMap((type) => {
    const aws = awsBilling(type, prerequisites.get(type.key)?.image);
    return [
      ...about(
        `billing of ${type.key}`,
        aws === undefined || aws.billing === type.billing ? undefined : misbilled(type, aws),
      ),
      ...about(`costs of ${type.key}`, ...costs(type)),
    ];
  });

/** Billing is asked of AWS itself. */
const costs = (type: MachineType): readonly Said[] =>
  costsOf(type)
    .filter(({ field }) => field !== 'billing')
    .map(({ field, says }) => doubtful(`${field} ${says}`, `change ${field} of ${type.key}, and deploy`));

/** What might be had for less, where nothing is wrong. */
export const examineAdvice = ({ config }: Pick<Billed, 'config'>): readonly Finding[] =>
  config.machineTypes.flatMap((type) =>
    about(`advice for ${type.key}`, ...adviceFor(type).map(({ field, says }) => good(`${field} ${says}`))),
  );

/**
 * Linux has been billed by the second since 2017; Windows and distributions that cost extra have followed; SUSE and
 * software of the Marketplace are billed by the hour (AWS: docs/develop/facts.md#ec2-billing). Machines with macOS live
 * by other rules.
 */
function awsBilling(
  { systems }: MachineType,
  image: Prerequisites['image'] | undefined,
): AwsBilling | undefined {
  if (systems.some((system) => system.endsWith('-darwin'))) return undefined;
  const found = image?.ok === true ? image.value : undefined;
  const platform = found?.platform ?? (isLinux(systems) ? 'Linux' : '');
  if (found?.isFromMarketplace === true)
    return {
      billing: 'hourly',
      what: 'software of its Marketplace',
      otherwise: 'take no notice if that software is free',
    };
  if (platform.startsWith('SUSE'))
    return { billing: 'hourly', what: platform, otherwise: 'take an image that AWS bills by the second' };
  return BY_THE_SECOND.test(platform) ? { billing: 'per-second', what: platform } : undefined;
}

function misbilled({ key, isBillingAuto }: MachineType, aws: AwsBilling): Said {
  if (aws.billing === 'per-second')
    return doubtful(
      `billing is "hourly", but AWS bills ${aws.what} by the second: that costs ${hourlyCosts}, for nothing`,
      `set billing of ${key} to "auto", or to "per-second"`,
    );
  return doubtful(
    `billing is "${isBillingAuto ? 'auto' : 'per-second'}", but AWS bills ${aws.what} by the hour: machines end while their hour is paid`,
    `set billing of ${key} to "hourly", or ${aws.otherwise}`,
  );
}
