import type { BuildObserver } from '../hydra/observer.ts';
import type { MachinesFileSource } from './machines-file.ts';

/** Told of what happens to builds and to the machines files, at the instant it happens. All parts are optional. */
export interface QueueRunnerObserver extends BuildObserver {
  /** It refuses all its machines files, for a line in `file`, and keeps the machines it has. */
  onFileRefused?(problem: string, file: MachinesFileSource): void;
  /** It has read all its machines files. */
  onFilesRead?(): void;
}
