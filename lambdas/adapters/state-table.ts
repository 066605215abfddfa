/**
 * The one DynamoDB table, as the store, the stack and the local engine have to agree on it.
 * It imports nothing, so that the stack can read it without loading an SDK.
 *
 *   partition key   sort key                 holds
 *   farm tag        lease                    who may act, and the fence
 *   farm tag        farm                     what is remembered of the farm as a whole
 *   farm tag        machine#<instance id>    one machine
 *   farm tag        launch#<launch id>       one launch request
 *   farm tag        floor#<machine type>     one manual floor
 */
export const STATE_TABLE = {
  /** String: the tag of the farm, so that several farms may share a table. */
  partitionKey: 'pk',
  /** String. */
  sortKey: 'sk',
  /**
   * Number, whole epoch seconds; only floors have it. DynamoDB deletes such items days later, so it only keeps
   * the table tidy: whether a floor has expired is judged when it is read.
   */
  timeToLive: 'expires',
} as const;

export const LEASE_KEY = 'lease';
export const FARM_KEY = 'farm';

export function machineKey(instanceId: string): string {
  return `machine#${instanceId}`;
}

export function launchKey(launchId: string): string {
  return `launch#${launchId}`;
}

export function floorKey(type: string): string {
  return `floor#${type}`;
}
