/** Rules 5 to 8: what is recorded, published and said. */
import type { Config } from '../config/config.ts';
import type { Listing, Observation } from '../model.ts';
import type { Plan } from '../plan/plan.ts';

/** Rule 5: every launch is saved before it is sent, under a token of its own; every instance has a record. */
export function noOrphanNoDouble(_config: Config, observation: Observation, plan: Plan): readonly string[] {
  const saved = new Set(plan.launches.map(({ id }) => id));
  const sent = plan.actions.flatMap((action) => (action.kind === 'launch' ? [action.launch] : []));
  const ids = new Set(sent.map(({ id }) => id));
  const recorded = new Set<string | undefined>([
    ...plan.machines.map(({ instanceId }) => instanceId),
    ...(observation.state.unreadable ?? []).map(({ instanceId }) => instanceId),
  ]);
  return [
    ...sent
      .filter(({ id }) => !saved.has(id))
      .map(({ id }) => `launch ${id} would be sent without being saved`),
    ...sent
      .filter(({ id }) => !/^[\x21-\x7e]{1,64}$/.test(id))
      .map(({ id }) => `launch id ${id} is no EC2 client token`),
    ...(ids.size < sent.length ? ['two launches share one token'] : []),
    ...observation.instances
      .filter(
        ({ state, instanceId }) =>
          state !== 'terminated' && state !== 'shutting-down' && !recorded.has(instanceId),
      )
      .filter(({ instanceId }) => !plan.closedMachines.has(instanceId))
      .map(({ instanceId }) => `instance ${instanceId} would have no record`),
  ];
}

/** Rule 6: the file has a placeholder a type, no machine that is not ready, and no address twice. */
export function fileIsWholeAndOurs(config: Config, _observation: Observation, plan: Plan): readonly string[] {
  const addresses = plan.listings.map(({ address }) => address);
  const ready = new Set(
    plan.machines.filter(({ phase }) => phase === 'ready').map(({ instanceId }) => instanceId),
  );
  const placeholders = plan.listings.filter(({ instanceId }) => instanceId === undefined);
  return [
    ...(new Set(addresses).size < addresses.length
      ? ['two lines of the machines file share one address']
      : []),
    ...plan.listings
      .filter(({ instanceId }) => instanceId !== undefined && !ready.has(instanceId))
      .map(({ instanceId }) => `${instanceId ?? ''} would be listed although it is not ready`),
    ...placeholders
      .filter(({ maxJobs }) => maxJobs !== 0)
      .map(({ address }) => `placeholder ${address} would be given work`),
    ...(placeholders.length < config.machineTypes.length ? ['a machine type would have no placeholder'] : []),
  ];
}

const WORD = /^[A-Za-z0-9_.+-]+$/;
const ADDRESS = /^[A-Za-z0-9.:[\]-]+$/;
const PATH = /^\/[A-Za-z0-9_.+/-]*$/;
const HOST_KEY = /^[a-z0-9-]+ [A-Za-z0-9+/]+={0,2}( [^\r\n]*)?$/;

/** Rule 7: nothing in a line of the machines file can end, split or comment it. */
export function nothingBecomesCode(
  _config: Config,
  _observation: Observation,
  plan: Plan,
): readonly string[] {
  return plan.listings.flatMap((listing) =>
    badColumns(listing).map((column) => `the line of ${listing.address} has a bad ${column}`),
  );
}

function badColumns(listing: Listing): readonly string[] {
  const words = (items: readonly string[]): boolean => items.every((item) => WORD.test(item));
  const columns: [string, boolean][] = [
    ['address', ADDRESS.test(listing.address)],
    ['system', listing.systems.length > 0 && words(listing.systems)],
    ['SSH key', listing.sshKey === undefined || PATH.test(listing.sshKey)],
    ['number of jobs', Number.isInteger(listing.maxJobs) && listing.maxJobs >= 0],
    ['speed factor', Number.isFinite(listing.speedFactor) && listing.speedFactor > 0],
    ['supported feature', words(listing.supportedFeatures)],
    ['mandatory feature', words(listing.mandatoryFeatures)],
    ['host key', listing.hostKey === undefined || HOST_KEY.test(listing.hostKey)],
  ];
  return columns.filter(([, good]) => !good).map(([column]) => column);
}

/** Rule 8: every action, type and machine has a reason a person can read. */
export function everythingHasAReason(
  config: Config,
  _observation: Observation,
  plan: Plan,
): readonly string[] {
  const said = new Set(
    plan.decisions.map(({ subject }) => ('machine' in subject ? subject.machine : subject.type)),
  );
  return [
    ...plan.actions.filter(({ reason }) => reason.trim() === '').map(({ kind }) => `a ${kind} has no reason`),
    ...plan.decisions
      .filter(({ reason }) => reason.trim() === '')
      .map(({ verdict }) => `the decision "${verdict}" has no reason`),
    ...config.machineTypes
      .filter(({ key }) => !said.has(key))
      .map(({ key }) => `nothing is said of type ${key}`),
    ...plan.machines
      .filter(({ instanceId }) => !said.has(instanceId))
      .map(({ instanceId }) => `nothing is said of machine ${instanceId}`),
  ];
}
