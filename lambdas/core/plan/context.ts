/** What all stages of a plan look at, made of what was seen. */
import { afterRetry } from '../capacity/back-off.ts';
import type { Config } from '../config/config.ts';
import { halfSeen } from '../life/absence.ts';
import type { Context } from '../life/context.ts';
import type { Dialect } from '../life/dialect.ts';
import type { BackOff, Observation } from '../model/index.ts';
import { retryOf } from '../reason/orders.ts';

/** An answer of EC2 that leaves out so much of the farm at once says nothing: nor is the status held against it. */
export function contextOf(dialect: Dialect, config: Config, observation: Observation): Context {
  const { queue } = observation;
  const half = halfSeen(observation);
  return {
    dialect,
    config,
    observation,
    status: queue.trusted && half === undefined ? queue : undefined,
    ...(half === undefined ? {} : { halfSeen: half }),
    backOffs: backOffsNow(config, observation),
  };
}

/** As remembered, without those of types that a person wants tried again, or has scaled out by hand, since. */
function backOffsNow({ machineTypes }: Config, { state }: Observation): readonly BackOff[] {
  return machineTypes.reduce((backOffs, { key }) => {
    const floors = state.floors.filter(({ type }) => type === key).map(({ at = -Infinity }) => at);
    const askedAt = Math.max(retryOf(state.orders, key)?.at ?? -Infinity, ...floors);
    return afterRetry(backOffs, key, askedAt);
  }, state.farm.backOffs);
}
