/** What can go wrong with the watch on the Hydra host, whichever queue runner it has. */
import { besides } from './fault-kind.ts';
import type { FaultKind } from './fault-kind.ts';

/** The order matters: a kind's luck comes from its place, so new ones come last. */
export const WATCH_FAULT_KINDS = {
  'watch-event-late': besides(
    'event-late',
    0.3,
    'the event of a watch that has found something comes minutes late',
  ),
  'watch-event-doubled': besides('event-doubled', 0.3, 'the event of a watch is delivered twice'),
  'watch-event-lost': besides('event-lost', 0.3, 'the event of a watch is never delivered'),
  'watch-dies': besides(
    'command-undelivered',
    0.2,
    'the SSM agent is restarted, and its watch is never heard of again',
  ),
  'watch-twice': besides('command-twice', 0.2, 'a watch is delivered twice'),
  'watch-not-ended': besides('command-late', 0.2, 'a watch is cancelled up to a minute too late'),
} as const satisfies Record<string, FaultKind>;
