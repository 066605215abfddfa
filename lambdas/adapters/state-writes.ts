/** How a round's changes are written: some records at a time; one that fails never stops the others, a lost lease stops them all. */
import { messageOf } from '../core/message-of.ts';
import { LeaseLostError, UnsavedError, type StateChanges } from '../ports.ts';
import { farmItem, launchItem, machineItem, type StateItem } from './state-items.ts';
import { launchKey, machineKey } from './state-table.ts';

/** DynamoDB takes many more; the bound keeps sockets and retries in hand. */
export const WRITES_AT_ONCE_MAX = 25;

/** Where single records are written. `id` is an instance id, a launch id, or `farm`. */
export interface RecordSink {
  /** @throws LeaseLostError when the record carries a higher fence. */
  put(item: StateItem, id: string): Promise<void>;
  /** Closing what is not there is no error. @throws LeaseLostError when the record carries a higher fence. */
  close(key: string, id: string): Promise<void>;
}

interface RecordWrite {
  readonly id: string;
  readonly send: () => Promise<void>;
}

interface FailedWrite {
  readonly id: string;
  readonly error: unknown;
}

/** Does what `StateStore.save` promises, errors included. */
export async function saveChanges(changes: StateChanges, sink: RecordSink): Promise<void> {
  const { farm, machines, launches, closedMachines, closedLaunches } = changes;
  // The item is made when it is sent: one that cannot be made is one failed write, not the end of the save.
  const put = (id: string, item: () => StateItem) => ({ id, send: async () => sink.put(item(), id) });
  const close = (id: string, key: string) => ({ id, send: () => sink.close(key, id) });
  const writes = [
    ...launches.map((launch) => put(launch.id, () => launchItem(launch))),
    ...machines.map((machine) => put(machine.instanceId, () => machineItem(machine))),
    ...(farm === undefined ? [] : [put('farm', () => farmItem(farm))]),
  ];
  const unwritten = await sendAll(writes);
  const open = new Set(launchesStillNeeded(changes, unwritten));
  const closings = [
    ...closedMachines.map((id) => close(id, machineKey(id))),
    ...closedLaunches.filter((id) => !open.has(id)).map((id) => close(id, launchKey(id))),
  ];
  const failed = [...unwritten, ...(await sendAll(closings))];
  if (failed.length === 0) return;
  const details = failed.map(({ id, error }) => `${id}: ${messageOf(error)}`);
  throw new UnsavedError(
    `${failed.length} of ${writes.length + closings.length} records were not saved: ${details.join(' | ')}`,
    failed.map(({ id }) => id),
    failed[0]?.error,
  );
}

/**
 * Launches that must stay although they were answered: a machine of theirs could not be recorded, and until EC2 shows
 * it the launch is all that is known of it.
 */
function launchesStillNeeded(
  { machines }: StateChanges,
  unwritten: readonly FailedWrite[],
): readonly string[] {
  const lost = new Set(unwritten.map(({ id }) => id));
  return machines.flatMap(({ instanceId, launchId }) =>
    launchId !== undefined && lost.has(instanceId) ? [launchId] : [],
  );
}

/** @throws LeaseLostError as soon as one write says so: no other is begun from then on, and those under way have ended. */
async function sendAll(writes: readonly RecordWrite[]): Promise<readonly FailedWrite[]> {
  const failed: FailedWrite[] = [];
  const lost: LeaseLostError[] = [];
  const queue = writes.values();
  const sendFromQueue = async () => {
    for (const { id, send } of queue) {
      try {
        await send();
      } catch (error) {
        if (error instanceof LeaseLostError) lost.push(error);
        else failed.push({ id, error });
      }
      if (lost.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: WRITES_AT_ONCE_MAX }, sendFromQueue));
  if (lost[0] !== undefined) throw lost[0];
  return failed;
}
