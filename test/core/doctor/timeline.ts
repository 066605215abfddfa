/** Ticks as the journal tells of them, made by hand: an hourly machine of an hour's age that idles, unless said otherwise. */
import { UnusedTimeTally } from '../../../lambdas/core/doctor/unused-time.ts';
import type { UnusedTime } from '../../../lambdas/core/doctor/unused-time.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type {
  Instance,
  JournalRound,
  Machine,
  Observation,
  QueueMachine,
  TickEntry,
} from '../../../lambdas/core/model/index.ts';
import {
  aConfig,
  aMachine,
  anInstance,
  anObservation,
  aQueueMachine,
  aStatus,
  aType,
  NOW,
} from '../given.ts';

export const HOURLY = aConfig([aType('x86_64-linux', { billing: 'hourly', gracePeriod: 0 })]);

/** What may be otherwise with the one machine of a look. */
export interface Changed {
  readonly machine?: Partial<Machine>;
  readonly instance?: Partial<Instance>;
  readonly seen?: Partial<QueueMachine>;
}

/** One machine, surplus and idle since long ago, in an hour that has just begun at {@link NOW}. */
export function idling(at: number, { machine, instance, seen }: Changed = {}): Observation {
  return anObservation({
    now: at,
    machines: [aMachine({ billing: 'hourly', surplusSince: NOW - 1000, ...machine })],
    instances: [anInstance({ startedAt: NOW, ...instance })],
    queue: aStatus({ at, machines: [aQueueMachine({ idleSince: NOW - 1000, ...seen })] }),
  });
}

/** A round that was carried out; nothing was to be done. */
export const round = (observation: Observation, changed: Partial<JournalRound> = {}): JournalRound => ({
  at: observation.now,
  observation,
  decisions: [],
  actions: [],
  violations: [],
  problems: [],
  done: {},
  ...changed,
});

export const tick = (at: number, rounds: readonly JournalRound[], leftOut = 0): TickEntry => ({
  kind: 'tick',
  id: `tick-${at}`,
  at,
  endedAt: at + 10,
  result: 'done',
  message: '',
  rounds,
  leftOut,
});

/** Ticks of one look each. */
export const ticks = (...observations: readonly Observation[]): readonly TickEntry[] =>
  observations.map((observation) => tick(observation.now, [round(observation)]));

export function tallied(entries: readonly TickEntry[], config: Config = HOURLY): UnusedTime {
  const tally = new UnusedTimeTally(config);
  for (const entry of entries) tally.add(entry);
  return tally.result;
}

/** Seconds by machine type and instance type, as plain objects. */
export const plain = (
  seconds: UnusedTime['idle'],
): Readonly<Record<string, Readonly<Record<string, number>>>> =>
  Object.fromEntries([...seconds].map(([type, ofType]) => [type, Object.fromEntries(ofType)]));

/** All idle seconds. */
export const idleSeconds = (entries: readonly TickEntry[], config?: Config): number =>
  [...tallied(entries, config).idle.values()]
    .flatMap((ofType) => [...ofType.values()])
    .reduce((sum, seconds) => sum + seconds, 0);
