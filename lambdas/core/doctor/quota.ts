/** The account's vCPU quotas: whether they have room for the farm at its caps. */
import type { Config } from '../config/config.ts';
import type { MachineType } from '../config/machine-type.ts';
import type { Market, Problem } from '../model/index.ts';
import { marketsOf } from '../capacity/pools.ts';
import { inContext } from '../reason/problem.ts';
import { about, bad, doubtful, doubtfulBy, good } from './finding.ts';
import type { Examined, Finding, FoundInstanceType, Prerequisites, Said, VcpuQuota } from './finding.ts';

/**
 * The families that share the quotas we know; all others have quotas of their own
 * (AWS: docs/develop/facts.md#ec2-vcpu-quotas).
 */
const STANDARD_FAMILY = /^(a|c|d|h|i|im|is|m|r|t|z)\d/;

/** What is looked at here. */
export interface Limited extends Pick<Examined, 'config' | 'vcpuQuotas'> {
  readonly prerequisites: ReadonlyMap<string, Pick<Prerequisites, 'instanceTypes'>>;
}

/** How many vCPUs one machine of a type takes of the quota. */
interface Size {
  readonly type: MachineType;
  /** 0 where it may be of a family with another quota. */
  readonly smallest: number;
  readonly largest: number;
}

/** What may be launched on one market. */
interface Demand {
  readonly market: Market;
  readonly sizes: readonly Size[];
  readonly machines: number;
  readonly vcpus: number;
  /** Instance types that count against another quota. */
  readonly others: readonly string[];
  /** Machine types whose instance types could not be asked for. */
  readonly unknown: readonly string[];
}

/** The markets some type may launch on. */
export const marketsIn = ({ machineTypes }: Config): readonly Market[] => [
  ...new Set(machineTypes.flatMap(marketsOf)),
];

export function examineQuotas(examined: Limited): readonly Finding[] {
  return [...examined.vcpuQuotas].flatMap(([market, quota]) => {
    const demand = demandOn(market, examined);
    return about(
      `${market} quota`,
      quota.ok ? compare(demand, quota.value) : notAsked(demand, quota.problem),
    );
  });
}

function notAsked(demand: Demand, problem: Problem): Said {
  const what = demand.vcpus === 0 ? 'the farm' : `the ${inWords(demand)}`;
  return doubtfulBy(
    inContext('could not be asked', problem),
    `see in the Service Quotas console whether it has room for ${what}`,
  );
}

function compare(demand: Demand, { code, vcpus }: VcpuQuota): Said {
  const quota = `the quota of ${vcpus} ${demand.market} vCPUs`;
  const { unknown } = demand;
  if (unknown.length > 0)
    return doubtful(
      `${quota} could not be compared: AWS did not tell how many vCPUs machines of ${unknown.join(', ')} have`,
      `first see "launches of ${unknown[0] ?? ''}"`,
    );
  if (demand.vcpus === 0) return good(`${quota} is not used${besides(demand)}`);
  const remedy =
    `ask for ${demand.vcpus} or more in the Service Quotas console, quota ${code}, or lower maxMachines; ` +
    'other machines of the account count against it too';
  const stuck = typesThatCannotStart(demand, vcpus);
  if (stuck.length > 0)
    return bad(`${quota} has no room for a single machine of ${stuck.join(', ')}`, remedy);
  return demand.vcpus > vcpus
    ? doubtful(`${quota} has no room for the ${inWords(demand)}${besides(demand)}`, remedy)
    : good(
        `${quota} has room for the ${inWords(demand)}, as long as nothing else in the account takes it${besides(demand)}`,
      );
}

const inWords = ({ vcpus, machines }: Demand): string =>
  `${vcpus} that ${machines === 1 ? 'one machine' : `${machines} machines`} would need`;

const besides = ({ others }: Demand): string =>
  others.length === 0 ? '' : `; not checked: ${others.join(', ')} (other families have quotas of their own)`;

/** Types with another market to turn to are only hindered. */
const typesThatCannotStart = ({ sizes }: Demand, vcpus: number): readonly string[] =>
  sizes
    .filter(({ type, smallest }) => type.maxMachines > 0 && smallest > vcpus && marketsOf(type).length === 1)
    .map(({ type }) => type.key);

function demandOn(market: Market, { config, prerequisites }: Limited): Demand {
  const types = config.machineTypes.filter((type) => marketsOf(type).includes(market));
  const known = types.map((type) => {
    const instanceTypes = prerequisites.get(type.key)?.instanceTypes;
    return { type, known: instanceTypes?.ok === true ? instanceTypes.value : undefined };
  });
  const sizes = known.flatMap(({ type, known: instanceTypes = [] }) => sizeOf(type, instanceTypes));
  const chosen = known.flatMap((one) => (one.type.instanceRequirements && one.known) ?? []);
  const names = new Set([
    ...types.flatMap(({ instanceTypes }) => instanceTypes),
    ...chosen.map(({ name }) => name),
  ]);
  return {
    market,
    sizes,
    ...atTheCaps(sizes, config.maxTotalMachines),
    others: [...names].filter((name) => !STANDARD_FAMILY.test(name)),
    unknown: known.filter((one) => one.known === undefined).map(({ type }) => type.key),
  };
}

function sizeOf(type: MachineType, instanceTypes: readonly FoundInstanceType[]): readonly Size[] {
  const vcpus = instanceTypes.filter(({ name }) => STANDARD_FAMILY.test(name)).map((one) => one.vcpus);
  if (vcpus.length === 0) return [];
  const hasOthers = vcpus.length < instanceTypes.length;
  return [{ type, smallest: hasOthers ? 0 : Math.min(...vcpus), largest: Math.max(...vcpus) }];
}

/** The largest machines that may run at once. */
function atTheCaps(
  sizes: readonly Size[],
  maxTotalMachines: number,
): { readonly machines: number; readonly vcpus: number } {
  let [machines, vcpus] = [0, 0];
  for (const { type, largest } of sizes.toSorted((a, b) => b.largest - a.largest)) {
    const more = Math.min(type.maxMachines, maxTotalMachines - machines);
    machines += more;
    vcpus += more * largest;
  }
  return { machines, vcpus };
}
