/** Whether machine types are billed as AWS bills their platform, and which of their settings cost more than they bring. */
import type { Config } from '../config/config.ts';
import { adviceFor, costsOf, hourlyCosts } from '../config/costs.ts';
import type { MachineType } from '../config/machine-type.ts';
import { isLinux } from '../config/policy.ts';
import { typesToPrice } from '../life/price.ts';
import type { Market, Prices } from '../model/index.ts';
import { dollars } from '../text/dollars.ts';
import { inContext } from '../reason/problem.ts';
import { count } from '../text/count.ts';
import { about, doubtful, doubtfulBy, good } from './finding.ts';
import type { Examined, Finding, Prerequisites, Said } from './finding.ts';

/** Platforms, as AWS shows them of an image. */
const BY_THE_SECOND = /^(Linux|Ubuntu|Red Hat|Windows|SQL Server)/;
const HOUR_SECONDS = 3600;
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

/** What AWS was last asked for prices, and what it could not be asked. */
export function examinePrices({
  config,
  observation: { state, instances, now },
}: Pick<Examined, 'config' | 'observation'>): readonly Finding[] {
  const wanted = typesToPrice(config.machineTypes, { instances });
  if (wanted.length === 0) return [];
  const { prices } = state;
  if (prices === undefined)
    return about('prices', good('AWS has not been asked for prices yet; the next tick that has time asks'));
  const hours = Math.round((now - prices.askedAt) / HOUR_SECONDS);
  const when = hours === 0 ? 'within the last hour' : `${count(hours, 'hour')} ago`;
  if (prices.problem !== undefined)
    return about(
      'prices',
      doubtfulBy(
        inContext(`AWS was asked ${when}, and not all could be had`, prices.problem),
        'allow what docs/permissions.md lists, or say "dollarsPerHour" of the machine types',
      ),
    );
  const told = wanted.map((name) => pricesInWords(name, prices)).filter((words) => words !== '');
  if (told.length === 0)
    return about('prices', good(`asked ${when}: AWS told none of ${wanted.slice(0, SHOWN).join(', ')}`));
  const unsold =
    told.length < wanted.length ? `; none of ${count(wanted.length - told.length, 'other')}` : '';
  return about('prices', good(`asked ${when}, an hour: ${told.slice(0, SHOWN).join(', ')}${unsold}`));
}

/** More prices than these help nobody. */
const SHOWN = 6;

/** Such as `c7i.2xlarge $0.36, on spot $0.12 to $0.15`; empty where AWS has told none. */
function pricesInWords(instanceType: string, { prices }: Prices): string {
  const of = (market: Market): readonly number[] =>
    prices
      .filter((one) => one.instanceType === instanceType && one.market === market)
      .map(({ dollarsPerHour }) => dollarsPerHour)
      .toSorted((a, b) => a - b);
  const [[onDemand], spot] = [of('on-demand'), of('spot')];
  const [lowest, highest] = [spot[0], spot.at(-1)];
  const words = [
    ...(onDemand === undefined ? [] : [dollars(onDemand)]),
    ...(lowest === undefined || highest === undefined
      ? []
      : [
          `on spot ${dollars(lowest)}${dollars(lowest) === dollars(highest) ? '' : ` to ${dollars(highest)}`}`,
        ]),
  ];
  return words.length === 0 ? '' : `${instanceType} ${words.join(', ')}`;
}
