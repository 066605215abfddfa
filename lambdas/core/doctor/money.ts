/** Whether machine types are billed as AWS bills their platform, and what the difference has cost lately. */
import type { Config } from '../config/config.ts';
import type { MachineType } from '../config/machine-type.ts';
import type { EpochSeconds, Observation } from '../model/index.ts';
import { doubtful } from './finding.ts';
import type { Finding, Found, Prerequisites } from './finding.ts';
import type { SecondsByType, UnusedTime } from './unused-time.ts';

/** How far back the journal is asked, in seconds. */
export const LATELY_SECONDS = 24 * 3600;
/** So much of them may be missing before people are told that it is less. */
const MISSING_SECONDS = 3600;
/** Platforms, as AWS shows them of an image. */
const BY_THE_SECOND = /^(Linux|Ubuntu|Red Hat|Windows|SQL Server)/;
/** More instance types are not listed one by one. */
const LISTED_TYPES = 5;

/** How AWS bills a machine type, and what it bills so, in words. */
type AwsBilling =
  | { readonly billing: 'per-second'; readonly what: string }
  | { readonly billing: 'hourly'; readonly what: string; readonly otherwise: string };

/** A machine type whose `billing` is not what AWS does. */
interface Misbilled {
  readonly type: MachineType;
  readonly aws: AwsBilling;
}

/** What of the farm tells how it is billed. */
export interface Billed {
  readonly config: Config;
  readonly observation: Pick<Observation, 'now'>;
  /** By machine type. */
  readonly prerequisites: ReadonlyMap<string, Pick<Prerequisites, 'image'>>;
}

/** Machine types with the wrong `billing`. Where AWS's way is not known, nothing is wrong. */
export function misbilled({ config, prerequisites }: Billed): readonly Misbilled[] {
  return config.machineTypes.flatMap((type) => {
    const aws = awsBilling(type, prerequisites.get(type.key)?.image);
    return aws === undefined || aws.billing === type.billing ? [] : [{ type, aws }];
  });
}

/**
 * Linux is billed by the second since 2017, Windows and the distributions that cost extra have followed; SUSE and
 * software of the Marketplace are billed by the hour (AWS: docs/develop/facts.md#ec2-billing). Machines with macOS live
 * by other rules.
 */
function awsBilling(
  { systems }: MachineType,
  image: Prerequisites['image'] | undefined,
): AwsBilling | undefined {
  if (systems.some((system) => system.endsWith('-darwin'))) return undefined;
  const found = image !== undefined && 'found' in image ? image.found : undefined;
  const isLinux = systems.every((system) => system.endsWith('-linux'));
  const platform = found?.platform ?? (isLinux ? 'Linux' : '');
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

/** @param unused what the journal tells; absent where none is kept. */
export function examineMoney(examined: Billed, unused: Found<UnusedTime> | undefined): readonly Finding[] {
  const { now } = examined.observation;
  const found = unused !== undefined && 'found' in unused ? unused.found : undefined;
  const findings = misbilled(examined).map((one) => examineBilling(one, found, now));
  return unused === undefined || 'found' in unused ? findings : [...findings, unreadable(unused.missing)];
}

const unreadable = (reason: string): Finding =>
  doubtful(
    'journal',
    `what the wrong billing has cost cannot be told, because the journal cannot be read: ${reason}`,
    'ask again; if it stays so, see that the function may query its state table',
  );

function examineBilling(
  { type: { key }, aws }: Misbilled,
  unused: UnusedTime | undefined,
  now: EpochSeconds,
): Finding {
  const check = `billing of ${key}`;
  const cost = (did: string, time: SecondsByType | undefined): string =>
    unused === undefined ? '' : inNumbers(unused, did, time?.get(key) ?? new Map(), now);
  if (aws.billing === 'per-second')
    return doubtful(
      check,
      `billing is "hourly", but AWS bills ${aws.what} by the second: idle machines are kept to the end of an hour ` +
        `for nothing${cost('kept idle machines for', unused?.idle)}`,
      `set billing of ${key} to "per-second", and gracePeriod to what a warm machine is worth`,
    );
  return doubtful(
    check,
    `billing is "per-second", but AWS bills ${aws.what} by the hour: machines end while their hour is ` +
      `paid${cost('threw away', unused?.thrownAway)}`,
    `set billing of ${key} to "hourly", or ${aws.otherwise}`,
  );
}

/** Such as `; in the last 24 h that threw away at least 6.3 machine-hours (c7i.2xlarge 4.1, c7a.2xlarge 2.2)`. */
function inNumbers(
  { since, isComplete }: UnusedTime,
  did: string,
  seconds: ReadonlyMap<string, number>,
  now: EpochSeconds,
): string {
  if (since === undefined) return '';
  const isWholeDay = now - since > LATELY_SECONDS - MISSING_SECONDS;
  const span = isWholeDay ? '24 h' : `${inWords(now - since)}, as far as the journal goes back,`;
  const total = sum([...seconds.values()]);
  const least = isComplete ? '' : 'at least ';
  if (total > 0)
    return `; in the last ${span} that ${did} ${least}${hours(total)} machine-hours (${listed(seconds)})`;
  return `; in the last ${span} that cost nothing${isComplete ? '' : ' that the journal tells of'}`;
}

/** The most first. */
function listed(seconds: ReadonlyMap<string, number>): string {
  const all = [...seconds].toSorted(([, a], [, b]) => b - a);
  const rest = sum(all.slice(LISTED_TYPES).map(([, value]) => value));
  const shown = all.slice(0, LISTED_TYPES).map(([instanceType, value]) => `${instanceType} ${hours(value)}`);
  return [...shown, ...(rest > 0 ? [`others ${hours(rest)}`] : [])].join(', ');
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const hours = (seconds: number): string => {
  const number = seconds / 3600;
  return number < 1 ? Math.max(number, 0.01).toFixed(2) : number.toFixed(number < 100 ? 1 : 0);
};

const inWords = (seconds: number): string =>
  seconds < 3600 ? `${Math.max(1, Math.round(seconds / 60))} min` : `${Math.round(seconds / 3600)} h`;
