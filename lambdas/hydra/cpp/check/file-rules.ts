/** Rules 6 and 7: what the machines file may say. */
import type { Facts } from '../../../core/check/facts.ts';
import { listingsFor } from '../life/listing.ts';
import type { Listing } from '../life/listing.ts';

/** Rule 6: one placeholder per type, and each machine's line as its type and its record say. */
export const fileIsWholeAndOurs = (facts: Facts): readonly string[] =>
  wrongLines(facts, listingsFor(facts.config, facts.plan.offers));

/** What is wrong with these lines as the machines file of a plan. */
export function wrongLines(facts: Facts, listings: readonly Listing[]): readonly string[] {
  const { config } = facts;
  const addresses = new Set(listings.map(({ address }) => address));
  const placeholders = listings.filter(({ instanceId }) => instanceId === undefined);
  const covers = (systems: readonly string[]): boolean =>
    placeholders.some((line) => systems.every((system) => line.systems.includes(system)));
  return [
    ...(addresses.size < listings.length ? ['two lines of the machines file share one address'] : []),
    ...listings.flatMap((listing) => [...wrongLine(facts, listing), ...wrongSpeed(facts, listing)]),
    ...outOfTurn(facts, listings),
    ...placeholders
      .filter(({ maxJobs }) => maxJobs !== 0)
      .map(({ address }) => `placeholder ${address} would be given work`),
    ...config.machineTypes
      .filter(({ systems }) => !covers(systems))
      .map(({ key }) => `machine type ${key} would have no placeholder`),
    ...(placeholders.length < config.machineTypes.length ? ['a machine type would have no placeholder'] : []),
  ];
}

function wrongLine(facts: Facts, { instanceId, address, hostKey, maxJobs }: Listing): readonly string[] {
  const machine = facts.after.get(instanceId ?? '');
  if (machine === undefined) return [];
  const wasListed = facts.before.get(machine.instanceId)?.offered !== undefined;
  return [
    ...(machine.address === address ? [] : [`${instanceId} would be listed at another address than its own`]),
    ...(hostKey === machine.identity && (hostKey !== undefined || wasListed)
      ? []
      : [`${instanceId} would be listed without its host key`]),
    ...(facts.types.get(machine.type)?.maxJobs === maxJobs
      ? []
      : [`${instanceId} would be listed with ${maxJobs} jobs`]),
  ];
}

/** What a line of the machines file can say at most. */
const FASTEST = 1e6;

/** A packed machine counts as empty however much it has to do; any other is as fast as its type. */
function wrongSpeed({ after, types }: Facts, { instanceId, speedFactor }: Listing): readonly string[] {
  const type = types.get(after.get(instanceId ?? '')?.type ?? '');
  if (type === undefined) return [];
  const isRight =
    type.placement === 'pack'
      ? Math.round(type.maxJobs / speedFactor) === 0 || speedFactor === FASTEST
      : speedFactor === type.speedFactor;
  return isRight
    ? []
    : [
        `${instanceId} would be listed with speed ${speedFactor}, with which steps would not ${type.placement}`,
      ];
}

/** Of a packed type's machines paid by the hour none may be filled before one that was started later. */
function outOfTurn({ after, types }: Facts, listings: readonly Listing[]): readonly string[] {
  const paid = listings.flatMap(({ instanceId, speedFactor }) => {
    const machine = after.get(instanceId ?? '');
    const isPacked = types.get(machine?.type ?? '')?.placement === 'pack' && speedFactor < FASTEST;
    return machine?.billing === 'hourly' && machine.startedAt !== undefined && isPacked
      ? [{ ...machine, startedAt: machine.startedAt, speedFactor }]
      : [];
  });
  return [...Map.groupBy(paid, ({ type }) => type).values()].flatMap((same) => {
    const byStart = same.toSorted((a, b) => a.startedAt - b.startedAt);
    return byStart.flatMap(({ instanceId, startedAt, speedFactor }, index) => {
      const before = byStart[index - 1];
      return before !== undefined && before.startedAt < startedAt && before.speedFactor >= speedFactor
        ? [`${before.instanceId} would be filled before ${instanceId}, of which more is paid`]
        : [];
    });
  });
}

const WORD = /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/;
const ADDRESS = /^[A-Za-z0-9.:[\]-]+$/;
const USER = /^[a-z_][a-z0-9_-]*$/;
const PATH = /^\/[A-Za-z0-9_.+/-]*$/;
const HOST_KEY = /^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( [ -~]*)?$/;

/** Rule 7: nothing in a line of the machines file can end, split or comment it. */
export const nothingBecomesCode = ({ config, plan }: Facts): readonly string[] =>
  unsafeColumns(listingsFor(config, plan.offers));

/** Columns of these lines that could be read as anything but one word. */
export const unsafeColumns = (listings: readonly Listing[]): readonly string[] =>
  listings.flatMap((listing) =>
    badColumns(listing).map((column) => `the line of ${listing.address} has a bad ${column}`),
  );

function badColumns(listing: Listing): readonly string[] {
  const words = (items: readonly string[]): boolean => items.every((item) => WORD.test(item));
  const columns: [string, boolean][] = [
    ['address', ADDRESS.test(listing.address)],
    ['system', listing.systems.length > 0 && words(listing.systems)],
    ['SSH user', USER.test(listing.sshUser ?? 'root')],
    ['SSH port', Number.isInteger(listing.sshPort ?? 22) && (listing.sshPort ?? 22) > 0],
    ['SSH key', listing.sshKey === undefined || PATH.test(listing.sshKey)],
    ['number of jobs', Number.isInteger(listing.maxJobs) && listing.maxJobs >= 0],
    ['speed factor', Number.isFinite(listing.speedFactor) && listing.speedFactor > 0],
    ['supported feature', words(listing.supportedFeatures)],
    ['mandatory feature', words(listing.mandatoryFeatures)],
    ['host key', listing.hostKey === undefined || HOST_KEY.test(listing.hostKey)],
  ];
  return columns.filter(([, good]) => !good).map(([column]) => column);
}
