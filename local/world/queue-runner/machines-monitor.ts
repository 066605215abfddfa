import type { Dispatcher } from './dispatcher.ts';
import { MachinesFileError, parseMachinesConfig } from './machines-config.ts';
import type { MachineConfig } from './machines-config.ts';
import type { FileStamp, MachinesFileSource } from './machines-file.ts';
import type { RunnerContext } from './runner-context.ts';
import { POLL_AFTER_ERROR_SECONDS, POLL_SECONDS } from './timings.ts';

/** A file that is not there has this stamp, and so has every file before the first look. */
const NO_FILE: FileStamp = { inode: 0, mtime: 0 };

const isSame = (a: FileStamp | undefined, b: FileStamp): boolean =>
  a?.inode === b.inode && a.mtime === b.mtime;

/** Looks every 30 s whether a machines file has changed; after a refused one 5 s later, and from there on. */
export class MachinesMonitor {
  readonly #context: RunnerContext;
  readonly #files: readonly MachinesFileSource[];
  readonly #dispatcher: Dispatcher;
  #seen: FileStamp[];

  constructor(context: RunnerContext, files: readonly MachinesFileSource[], dispatcher: Dispatcher) {
    this.#context = context;
    this.#files = files;
    this.#dispatcher = dispatcher;
    this.#seen = files.map(() => NO_FILE);
  }

  readonly poll = (): void => {
    const isRead = this.#look();
    this.#context.life.after(isRead ? POLL_SECONDS : POLL_AFTER_ERROR_SECONDS, this.poll);
    if (isRead) this.#dispatcher.begin();
  };

  /** One malformed line refuses all files, and none is read again before one of them changes once more. */
  #look(): boolean {
    const stamps = this.#files.map((file) => file.stat() ?? NO_FILE);
    const isChanged = stamps.some((stamp, index) => !isSame(this.#seen[index], stamp));
    this.#seen = stamps;
    if (!isChanged) return true;
    const configs: (readonly [string, MachineConfig])[] = [];
    for (const file of this.#files) {
      const read = this.#read(file);
      if (read === undefined) return false;
      configs.push(...read);
    }
    this.#context.machines.reload(new Map(configs));
    this.#context.observer.onFilesRead?.();
    this.#context.wakeDispatcher();
    return true;
  }

  /** The machines of one file; undefined when it is malformed. */
  #read(file: MachinesFileSource): ReadonlyMap<string, MachineConfig> | undefined {
    try {
      return parseMachinesConfig(file.stat() === undefined ? '' : file.read());
    } catch (error) {
      if (!(error instanceof MachinesFileError)) throw error;
      this.#context.observer.onFileRefused?.(error.message, file);
      return undefined;
    }
  }
}
