/**
 * Machines that came to nothing: what EC2 accepts is not done yet. Whatever ends a machine that we did not want to end,
 * before it was ready or soon after, counts against where it came from, so that it is not launched again and again.
 */
import { afterLasting, afterReady } from './back-off.ts';
import type { BackOff, Instance, Machine, Pool } from '../model/index.ts';
import { afterSetback } from './setback.ts';
import type { MachineSetback } from './setback.ts';
import type { MachineType } from '../config/machine-type.ts';
import type { Inventory } from '../life/inventory.ts';
import type { Context } from '../life/context.ts';
import type { Planned } from '../life/planned.ts';
import { poolOf, poolsOf } from './pools.ts';
import * as words from '../reason/words/index.ts';

/** A machine that ends within this long of its start, in seconds, has hardly been of use. */
export const YOUNG_SECONDS = 900;

/** A machine that came to nothing in this round. */
export interface Fallen {
  readonly machine: Machine;
  readonly type: MachineType;
  readonly kind: MachineSetback;
  /** With AWS's own words, where it gave any. */
  readonly reason: string;
  readonly pool?: Pool;
  /** Pools of its type on its market: what may be meant where its own is not known. */
  readonly pools: readonly Pool[];
}

/** @param healthy the machines of the inventory, judged. */
export function fallenOf(
  context: Context,
  { closed }: Pick<Inventory, 'closed'>,
  healthy: readonly Planned[],
): readonly Fallen[] {
  const { observation, config } = context;
  const after = new Map(healthy.map((planned) => [planned.machine.instanceId, planned]));
  const instances = new Map(observation.instances.map((instance) => [instance.instanceId, instance]));
  return observation.state.machines.flatMap((before): readonly Fallen[] => {
    const { instanceId } = before;
    const type = config.machineTypes.find(({ key }) => key === before.type);
    const instance = instances.get(instanceId);
    const now = after.get(instanceId);
    const kind = type === undefined ? undefined : whatBefell(context, before, now, instance);
    if (type === undefined || kind === undefined) return [];
    const pool = poolOf(type, before, instance);
    return [
      {
        machine: before,
        type,
        kind,
        reason: now?.machine.reason ?? closed.get(instanceId) ?? '',
        pools: poolsOf(type).filter(
          ({ market }) => market === (instance?.market ?? before.pool?.market ?? market),
        ),
        ...(pool === undefined ? {} : { pool }),
      },
    ];
  });
}

function whatBefell(
  { observation: { now } }: Context,
  before: Machine,
  planned: Planned | undefined,
  instance: Instance | undefined,
): MachineSetback | undefined {
  const after = planned?.machine;
  if (!['booting', 'ready', 'draining'].includes(before.phase)) return undefined;
  const market = instance?.market ?? before.pool?.market;
  if (before.phase === 'booting' && after?.phase === 'failed')
    return instance?.state === 'pending' ? 'stuck-pending' : 'never-ready';
  if (market === 'spot' && instance?.interrupted === true && before.interrupted === undefined) return 'taken';
  const isSentAway = before.phase === 'ready' && after?.phase === 'draining';
  if (isSentAway && planned?.seen?.isFailing === true) return 'failing';
  const hasEnded =
    after === undefined || instance?.state === 'terminated' || instance?.state === 'shutting-down';
  if (!hasEnded || before.interrupted === true) return undefined;
  if (market === 'spot' && instance?.stateReason?.code.startsWith('Server.Spot') === true) return 'taken';
  const startedAt = instance?.startedAt ?? before.startedAt ?? before.phaseSince;
  const isEarly = before.phase === 'booting' || (before.phase === 'ready' && now - startedAt < YOUNG_SECONDS);
  if (!isEarly) return undefined;
  return market === 'spot' ? 'spot-ended' : 'ended';
}

/** The back-offs after what this round shows of machines, good and bad. */
export function backOffsAfter(
  context: Context,
  fallen: readonly Fallen[],
  healthy: readonly Planned[],
): readonly BackOff[] {
  const { now, state } = context.observation;
  const phases = new Map(state.machines.map(({ instanceId, phase }) => [instanceId, phase]));
  let { backOffs } = context;
  for (const { machine, type, instance } of healthy) {
    const before = phases.get(machine.instanceId);
    if (type === undefined || machine.phase !== 'ready') continue;
    if (before === 'booting') backOffs = afterReady(backOffs, type.key);
    const { startedAt } = machine;
    if (before === 'ready' && startedAt !== undefined && now - startedAt >= YOUNG_SECONDS)
      backOffs = afterLasting(backOffs, type.key, poolOf(type, machine, instance), startedAt);
  }
  for (const one of fallen) {
    const { machine, type, kind, pool, pools } = one;
    // Nothing is launched any more where it came from.
    if (pools.length === 0) continue;
    const reason = words.fell(machine.instanceId, kind, one.reason);
    const setback = { type: type.key, kind, reason, pools, ...(pool === undefined ? {} : { pool }) };
    backOffs = afterSetback(backOffs, setback, now);
    if (kind === 'taken' && isTakenAgain(context, one))
      backOffs = afterSetback(backOffs, { ...setback, kind: 'taken-again' }, now);
  }
  return backOffs;
}

/** Whether it was launched after another one of its type had been taken: then the same steps are lost once more. */
const isTakenAgain = ({ backOffs }: Context, { machine, type }: Fallen): boolean =>
  type.market === 'spot-then-on-demand' &&
  backOffs.some(
    ({ type: of, cause, at }) =>
      of === type.key &&
      cause === 'taken' &&
      at !== undefined &&
      at < (machine.startedAt ?? machine.phaseSince),
  );

/** A machine that was given up. */
export interface Failed {
  readonly instanceId: string;
  readonly type: string;
  readonly reason: string;
}

/** Those that fell, but for the spot machines AWS took, which is as it must be; and those that stopped answering. */
export function failedOf(
  { observation: { state } }: Context,
  fallen: readonly Fallen[],
  machines: readonly Planned[],
): readonly Failed[] {
  const phases = new Map(state.machines.map(({ instanceId, phase }) => [instanceId, phase]));
  const silent = machines.filter(
    ({ machine }) =>
      phases.get(machine.instanceId) === 'ready' &&
      machine.phase === 'draining' &&
      machine.unreachableSince !== undefined,
  );
  return [
    ...fallen
      .filter(({ kind }) => kind !== 'taken')
      .map(({ machine: { instanceId, type }, reason }) => ({ instanceId, type, reason })),
    ...silent.map(({ machine: { instanceId, type, reason } }) => ({ instanceId, type, reason })),
  ];
}
