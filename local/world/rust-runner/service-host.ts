import type { Timeline } from '../timeline.ts';
import type { DialPoint } from './dialing.ts';
import type { RunnerLink } from './link.ts';
import type { FullBuilderOptions } from './settings.ts';
import type { RustTimings } from './timings.ts';

/** The machine that a process of hydra-builder runs on. */
export interface ServiceHost {
  readonly timeline: Timeline;
  readonly timings: RustTimings;
  readonly runner: DialPoint;
  readonly options: FullBuilderOptions;
  readonly isClosed: boolean;
  readonly isCutOff: boolean;
  readonly isFrozen: boolean;
  readonly hasDaemon: boolean;
  /** It has got a connection. */
  joined(): void;
  /** Closes a connection, if that gets through. */
  close(link: RunnerLink): void;
}
