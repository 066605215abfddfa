import type { Dispatcher } from './dispatcher.ts';
import { MachinesFileError, parseMachinesConfig } from './machines-config.ts';
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

  /** A refused text is not read again before its file changes once more. */
  #look(): boolean {
    const stamps = this.#files.map((file) => file.stat() ?? NO_FILE);
    const isChanged = stamps.some((stamp, index) => !isSame(this.#seen[index], stamp));
    this.#seen = stamps;
    if (!isChanged) return true;
    try {
      const text = this.#files.map((file) => (file.stat() === undefined ? '' : `${file.read()}\n`)).join('');
      this.#context.machines.reload(parseMachinesConfig(text));
    } catch (error) {
      if (!(error instanceof MachinesFileError)) throw error;
      this.#context.observer.onFileRefused?.(error.message);
      return false;
    }
    this.#context.wakeDispatcher();
    return true;
  }
}
