/** How a round's changes are written: some records at a time; one that fails never stops the others, a lost lease stops them all. */
import { messageOf } from '../../core/text/message-of.ts';
import type { Farm, Launch, Machine, Phase } from '../../core/model/index.ts';
import { LeaseLostError, UnsavedError, type StateChanges } from '../../ports.ts';
import { farmItem, launchItem, machineItem, pricesItem, type StateItem } from './state-items.ts';
import { launchKey, machineKey, PRICES_KEY, TICK_KEY } from './state-table.ts';

/** DynamoDB takes many more; the bound keeps sockets and retries in hand. */
export const WRITES_AT_ONCE_MAX = 25;

/** A partition that single items are written to. `id` is an instance id, a launch id, or `farm`. */
export interface ItemSink {
  /** @throws LeaseLostError when the record carries a higher fence. */
  put(item: StateItem, id: string): Promise<void>;
  /** Closing what is not there is not an error. @throws LeaseLostError when the record carries a higher fence. */
  close(key: string, id: string): Promise<void>;
}

/** Where records are kept, and where machines read what concerns them. */
export interface RecordSinks {
  readonly records: ItemSink;
  readonly heard: ItemSink;
}

interface RecordWrite {
  readonly id: string;
  readonly send: () => Promise<void>;
}

interface FailedWrite {
  readonly id: string;
  readonly error: unknown;
}

/**
 * Does what `StateStore.save` promises, errors included. What machines read of a record is written just before it: where
 * that fails the record is not written either, and both are tried again.
 */
export async function saveChanges(changes: StateChanges, sinks: RecordSinks): Promise<void> {
  const { farm, prices, machines, launches, closedMachines, closedLaunches } = changes;
  const { records } = sinks;
  // The item is made when it is sent: one that cannot be made is one failed write, not the end of the save.
  const writes: readonly RecordWrite[] = [
    ...launches.map((launch) => ({ id: launch.id, send: async () => putLaunch(sinks, launch) })),
    ...machines.map((machine) => ({ id: machine.instanceId, send: async () => putMachine(sinks, machine) })),
    ...(farm === undefined ? [] : [{ id: 'farm', send: async () => putFarm(sinks, farm) }]),
    ...(prices === undefined
      ? []
      : [{ id: PRICES_KEY, send: async () => records.put(pricesItem(prices), PRICES_KEY) }]),
  ];
  const unwritten = await sendAll(writes);
  const open = new Set(launchesStillNeeded(changes, unwritten));
  const closings = [
    ...closedMachines.map((id) => ({ id, send: () => closeMachine(sinks, id) })),
    ...closedLaunches
      .filter((id) => !open.has(id))
      .map((id) => ({ id, send: () => records.close(launchKey(id), id) })),
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

/** Whether the machine may go on although it is idle, as far as we are concerned. */
const IS_WANTED: Readonly<Record<Phase, boolean>> = {
  booting: true,
  ready: true,
  draining: true,
  stopping: true,
  stopped: true,
  terminating: false,
  failed: false,
};

/** A machine that lost its tag drains as soon as it may: until then a person's word or the lack of a status keeps it. */
const isWanted = ({ phase, untagged }: Machine): boolean =>
  untagged === undefined ? IS_WANTED[phase] : phase === 'ready';

async function putMachine({ records, heard }: RecordSinks, machine: Machine): Promise<void> {
  const { instanceId } = machine;
  const item = machineItem(machine);
  if (isWanted(machine)) await heard.put({ key: machineKey(instanceId), fields: {} }, instanceId);
  else await heard.close(machineKey(instanceId), instanceId);
  await records.put(item, instanceId);
}

async function putFarm({ records, heard }: RecordSinks, farm: Farm): Promise<void> {
  const item = farmItem(farm);
  const { lastTickAt, runner } = farm;
  const fields = { at: lastTickAt, ...(runner && { runnerKind: runner.kind }) };
  if (lastTickAt !== undefined) await heard.put({ key: TICK_KEY, fields }, 'farm');
  await records.put(item, 'farm');
}

const putLaunch = ({ records }: RecordSinks, launch: Launch): Promise<void> =>
  records.put(launchItem(launch), launch.id);

async function closeMachine({ records, heard }: RecordSinks, instanceId: string): Promise<void> {
  await heard.close(machineKey(instanceId), instanceId);
  await records.close(machineKey(instanceId), instanceId);
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
