/** The fields requests share, and what is said when they name what is not there. */
import * as z from 'zod';
import type { Config } from '../core/config/config.ts';
import type { MachineType } from '../core/config/machine-type.ts';
import { isPaused } from '../core/life/planned.ts';
import type { EpochSeconds, FarmState, Machine } from '../core/model/index.ts';
import type { Result } from '../core/reason/result.ts';
import { NOTHING_SHOWN } from '../reconcile/observe.ts';
import type { Desk, Mistaken } from './request.ts';

const WEEK_MINUTES = 7 * 24 * 60;

export const typeName = z.string().min(1).max(500);
export const instanceId = z
  .string()
  .regex(/^i-[0-9a-f]{8,17}$/, 'must be an instance id such as i-0123456789abcdef0');
export const minutes = z.int().min(1).max(WEEK_MINUTES);
/** Who asks, for the journal. */
export const by = z.string().min(1).max(200).optional();

/** The optional fields of an order, as far as they were given. */
export const givenBy = (name: string | undefined): { by?: string } =>
  name === undefined ? {} : { by: name };

const mistaken = (message: string, problem: string): Result<never, Mistaken> => ({
  ok: false,
  problem: { result: 'invalid', message: `${message}; nothing was done`, problems: [problem] },
});

/**
 * What is remembered, for callers that would conclude something from what is not.
 * @throws where the store shows nothing at all: an empty answer is not an empty farm.
 */
export async function remembered({ ports: { store } }: Desk, at: EpochSeconds): Promise<FarmState> {
  const state = await store.load(at);
  if (state.isBlank === undefined) return state;
  throw new Error(`${NOTHING_SHOWN}; nothing was done: ask again in a minute`);
}

/** The configured type of that name, or what the names are. */
export function findType({ machineTypes }: Config, key: string): Result<MachineType, Mistaken> {
  const type = machineTypes.find((other) => other.key === key);
  if (type !== undefined) return { ok: true, value: type };
  const known = machineTypes.map((other) => other.key).join(', ');
  return mistaken(
    `there is no machine type "${key}"`,
    known === '' ? 'type: the configuration has no machine types' : `type: must be one of ${known}`,
  );
}

/** More ids than this are no help in an error. */
const LISTED_MACHINES = 30;

/** The remembered machine of that id, or which there are. */
export function findMachine({ machines }: FarmState, id: string): Result<Machine, Mistaken> {
  const machine = machines.find((other) => other.instanceId === id);
  if (machine !== undefined) return { ok: true, value: machine };
  const known = machines.slice(0, LISTED_MACHINES).map((other) => other.instanceId);
  const more = machines.length - known.length;
  return mistaken(
    `there is no machine ${id}`,
    known.length === 0
      ? 'machine: there are no machines now'
      : `machine: must be one of ${known.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  );
}

/** Said first of a farm that is not acted on, whatever else is said of what would be done. */
export const ONLY_WATCHED = 'the farm is only watched (observeOnly)';

/** When an order takes effect, whether or not a tick is at work now. */
export const fromWhen = ({ config }: Desk): string =>
  `in force from the next round on: in seconds while a tick is at work, else with the next one (the schedule brings one every ${Math.ceil(config.schedulePeriodSeconds / 60)} min)`;

/** What an order has to wait for when its machine's type is paused. */
export function pauseNote(state: FarmState, type: string): string {
  return isPaused({ observation: { state } }, type) ? `; ${type} is paused, so not before it is resumed` : '';
}
