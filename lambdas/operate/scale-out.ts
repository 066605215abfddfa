/** Scaling out by hand: a floor that expires by itself, recorded at once, whether or not a tick is at work. */
import type { Config } from '../core/config/config.ts';
import type { EpochSeconds, Floor } from '../core/model.ts';
import type { StateStore } from '../ports.ts';
import { invalidEvent } from '../reconcile/event.ts';
import type { InvalidEvent, ScaleOutRequest } from '../reconcile/event.ts';

/** What was recorded, in words and in numbers. */
export interface Recorded {
  readonly result: 'recorded';
  readonly message: string;
  readonly floor?: Floor;
}

/** Records the floor, capped at the type's maxMachines. */
export async function scaleOut(
  store: StateStore,
  config: Config,
  request: ScaleOutRequest,
  now: EpochSeconds,
): Promise<Recorded | InvalidEvent> {
  const type = config.machineTypes.find(({ key }) => key === request.type);
  if (type === undefined) return unknownType(config, request.type);
  const count = Math.min(request.count, type.maxMachines);
  const until = now + request.minutes * 60;
  const floor: Floor = {
    type: type.key,
    count,
    until,
    ...(request.by === undefined ? {} : { by: request.by }),
  };
  await store.putFloor(floor);
  const capped =
    count < request.count ? ` (${request.count} asked for; maxMachines is ${type.maxMachines})` : '';
  return {
    result: 'recorded',
    message: `at least ${count} machines of ${type.key}${capped} for ${request.minutes} minutes`,
    floor,
  };
}

/** Removes the floor of a type. Doing so twice changes nothing. */
export async function scaleIn(
  store: StateStore,
  config: Config,
  type: string,
): Promise<Recorded | InvalidEvent> {
  if (!config.machineTypes.some(({ key }) => key === type)) return unknownType(config, type);
  await store.removeFloor(type);
  return { result: 'recorded', message: `${type} is not scaled out by hand any more` };
}

function unknownType(config: Config, type: string): InvalidEvent {
  const known = config.machineTypes.map(({ key }) => key);
  return invalidEvent(`there is no machine type "${type}"; nothing was done`, [
    known.length === 0
      ? 'type: the configuration has no machine types'
      : `type: must be one of ${known.join(', ')}`,
  ]);
}
