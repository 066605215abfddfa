/** What people have told the autoscaler besides its configuration. It holds until it is taken back or its time is up. */
import type {
  EpochSeconds,
  Floor,
  MachineOrder,
  Order,
  OrderSubject,
  PauseOrder,
  RetryOrder,
} from '../model/index.ts';

export function subjectOf(order: Order): OrderSubject {
  switch (order.kind) {
    case 'drain':
    case 'protect':
      return { instanceId: order.instanceId };
    case 'retry':
      return { retriedType: order.type };
    case 'pause':
      return order.type === undefined ? 'everything' : { type: order.type };
  }
}

/** What an order is about: an instance id, a machine type, or `everything`. */
export const subjectInWords = (order: Order): string =>
  'instanceId' in order ? order.instanceId : (order.type ?? 'everything');

/** Whether an order is about one machine, and so goes with it. */
export const isMachineOrder = (order: Order): order is MachineOrder =>
  order.kind === 'drain' || order.kind === 'protect';

export function machineOrder(
  orders: readonly Order[] | undefined,
  instanceId: string,
): MachineOrder | undefined {
  return orders?.find(
    (order): order is MachineOrder => isMachineOrder(order) && order.instanceId === instanceId,
  );
}

/** The pause that keeps a machine type as it is: its own, or that of everything. */
export function pauseOf(orders: readonly Order[] | undefined, type: string): PauseOrder | undefined {
  const pauses = (orders ?? []).filter((order) => order.kind === 'pause');
  return pauses.find((order) => order.type === type) ?? pauses.find((order) => order.type === undefined);
}

/** The retry that was ordered last of a type. */
export const retryOf = (orders: readonly Order[] | undefined, type: string): RetryOrder | undefined =>
  (orders ?? []).filter((order) => order.kind === 'retry').find((order) => order.type === type);

const VERBS: Readonly<Record<Order['kind'], string>> = {
  drain: 'drained by hand',
  protect: 'protected by hand',
  pause: 'paused by hand',
  retry: 'tried again by hand',
};

/** Such as `paused by hand (Zoë) for 40 min more`. */
export function orderInWords(order: Order, now: EpochSeconds): string {
  const by = order.by === undefined ? '' : ` (${order.by})`;
  // A drain ends with its machine; its time limit is only there to tidy up.
  const limit = order.kind === 'drain' ? undefined : order.until;
  const rest = limit === undefined ? '' : ` for ${Math.ceil((limit - now) / 60)} min more`;
  const open = limit === undefined && order.kind !== 'drain' ? ' until somebody ends it' : '';
  return `${VERBS[order.kind]}${by}${rest}${open}`;
}

/** Such as `scaled out by hand (Zoë) to 4 for 40 min more`. */
export function floorInWords({ count, until, by: name }: Floor, now: EpochSeconds): string {
  const who = name === undefined ? '' : ` (${name})`;
  return `scaled out by hand${who} to ${count} for ${Math.ceil((until - now) / 60)} min more`;
}
