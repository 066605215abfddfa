/**
 * The one DynamoDB table, as the store, the stack and the local engine have to agree on it.
 * It imports types only, so that the stack can read it without loading an SDK.
 *
 *   partition key   sort key                 holds
 *   farm tag        lease                    who may act, and the fence
 *   farm tag        farm                     what is remembered of the farm as a whole
 *   farm tag        prices                   what AWS asks for machines, as it was last asked
 *   farm tag        machine#<instance id>    one machine
 *   farm tag        launch#<launch id>       one launch request
 *   farm tag        floor#<machine type>     one manual floor
 *   farm tag        order#machine#<id>, order#type#<machine type>, order#retry#<machine type>, order#everything
 *                                            one order by a person
 *   <tag>#heard     tick                     when the last tick was (`at`), and which queue runner there was (`runnerKind`;
 *                                            without it the C++ one), which machines serve from their next boot on; all
 *                                            that machines may read is in this partition
 *   <tag>#heard     machine#<instance id>    that this machine is wanted; not there for one that is not
 *   <tag>#journal   <time>#<kind>#<id>       one entry of the journal; apart, so that no tick reads them
 */
import type { OrderSubject } from '../../core/model/index.ts';

export const STATE_TABLE = {
  /** String: the tag of the farm, so that several farms may share a table. */
  partitionKey: 'pk',
  /** String. */
  sortKey: 'sk',
  /**
   * Number, whole epoch seconds; floors, orders and journal entries have it. DynamoDB deletes such items days later,
   * so it only keeps the table tidy: whether a floor or order has expired is judged when it is read.
   */
  timeToLive: 'expires',
} as const;

export const LEASE_KEY = 'lease';
export const FARM_KEY = 'farm';
export const PRICES_KEY = 'prices';

/** In the partition that machines read. */
export const TICK_KEY = 'tick';

export function machineKey(instanceId: string): string {
  return `machine#${instanceId}`;
}

export function launchKey(launchId: string): string {
  return `launch#${launchId}`;
}

export function floorKey(type: string): string {
  return `floor#${type}`;
}

export function orderKey(subject: OrderSubject): string {
  if (subject === 'everything') return 'order#everything';
  if ('retriedType' in subject) return `order#retry#${subject.retriedType}`;
  return 'type' in subject ? `order#type#${subject.type}` : `order#machine#${subject.instanceId}`;
}

/** The partition a farm's machines read. A tag holds no `#`, so it is no farm's own. */
export function heardPartition(farm: string): string {
  return `${farm}#heard`;
}

/** The partition of a farm's journal; no farm's own either. */
export function journalPartition(farm: string): string {
  return `${farm}#journal`;
}
