/** Rules 6 and 7: what the machines file may say. */
import type { Listing, Machine } from '../../../core/model/index.ts';
import type { Facts } from '../../../core/check/facts.ts';

/** Rule 6: one placeholder per type, each ready machine once, as its type and its record say, and none on hope. */
export function fileIsWholeAndOurs(facts: Facts): readonly string[] {
  const { config, plan } = facts;
  const addresses = new Set(plan.listings.map(({ address }) => address));
  const placeholders = plan.listings.filter(({ instanceId }) => instanceId === undefined);
  const covers = (systems: readonly string[]): boolean =>
    placeholders.some((line) => systems.every((system) => line.systems.includes(system)));
  return [
    ...(addresses.size < plan.listings.length ? ['two lines of the machines file share one address'] : []),
    ...plan.listings.flatMap((listing) => wrongLine(facts, listing)),
    ...withdrawn(facts).map((id) => `${id} is ready and would not be listed`),
    ...placeholders
      .filter(({ maxJobs }) => maxJobs !== 0)
      .map(({ address }) => `placeholder ${address} would be given work`),
    ...config.machineTypes
      .filter(({ systems }) => !covers(systems))
      .map(({ key }) => `machine type ${key} would have no placeholder`),
    ...(placeholders.length < config.machineTypes.length ? ['a machine type would have no placeholder'] : []),
  ];
}

/** Ready machines that are missing although nothing is in their way; of two at one address, one is listed. */
function withdrawn({ plan, types }: Facts): readonly string[] {
  const listed = new Set(plan.listings.map(({ instanceId }) => instanceId));
  const addresses = new Set(plan.listings.map(({ address }) => address));
  return plan.machines
    .filter(
      ({ phase, identity: hostKey, type }) => phase === 'ready' && hostKey !== undefined && types.has(type),
    )
    .filter(({ address }) => address !== undefined && !addresses.has(address))
    .map(({ instanceId }) => instanceId)
    .filter((id) => !listed.has(id));
}

function wrongLine(facts: Facts, { instanceId, address, hostKey, maxJobs }: Listing): readonly string[] {
  if (instanceId === undefined) return [];
  const machine = facts.after.get(instanceId);
  if (machine?.phase !== 'ready') return [`${instanceId} would be listed although it is not ready`];
  const wasListed = facts.before.get(instanceId)?.offered !== undefined;
  return [
    ...(isOnHope(facts, machine)
      ? [`${instanceId} would be listed although the Hydra host has not reached it`]
      : []),
    ...(machine.address === address ? [] : [`${instanceId} would be listed at another address than its own`]),
    ...(hostKey === machine.identity && (hostKey !== undefined || wasListed)
      ? []
      : [`${instanceId} would be listed without its host key`]),
    ...(facts.types.get(machine.type)?.maxJobs === maxJobs
      ? []
      : [`${instanceId} would be listed with ${maxJobs} jobs`]),
  ];
}

/** Whether a machine has never been seen to answer, by the Hydra host, before or now, or by the queue runner. */
function isOnHope({ before, observation }: Facts, { instanceId, address }: Machine): boolean {
  const { queue, readiness: probes } = observation;
  const phase = before.get(instanceId)?.phase;
  if (phase === 'ready' || phase === 'draining') return false;
  if (probes.some((probe) => probe.instanceId === instanceId && probe.reached)) return false;
  const seen = queue.trusted && address !== undefined ? queue.machines.get(address) : undefined;
  return seen === undefined || !(seen.offered || seen.currentJobs > 0);
}

const WORD = /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/;
const ADDRESS = /^[A-Za-z0-9.:[\]-]+$/;
const USER = /^[a-z_][a-z0-9_-]*$/;
const PATH = /^\/[A-Za-z0-9_.+/-]*$/;
const HOST_KEY = /^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( [ -~]*)?$/;

/** Rule 7: nothing in a line of the machines file can end, split or comment it. */
export function nothingBecomesCode({ plan }: Facts): readonly string[] {
  return plan.listings.flatMap((listing) =>
    badColumns(listing).map((column) => `the line of ${listing.address} has a bad ${column}`),
  );
}

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
