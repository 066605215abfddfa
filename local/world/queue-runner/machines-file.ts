/** What the queue runner compares to see whether a machines file has changed. */
export interface FileStamp {
  readonly inode: number;
  /** Modification time, whole seconds since the epoch: a second change within one second is not seen. */
  readonly mtime: number;
}

/** One file the queue runner was told to read machines from. */
export interface MachinesFileSource {
  /** Undefined when there is no such file, which counts as empty. */
  stat(): FileStamp | undefined;
  /** The whole text. Only called when `stat` found a file. */
  read(): string;
}

/** A machines file in memory, changed the ways people change files. */
export class MachinesFileInMemory implements MachinesFileSource {
  readonly #now: () => number;
  #inode = 1;
  #file: { readonly stamp: FileStamp; readonly text: string } | undefined;

  /** @param now the time, in seconds since the epoch. @param text the first content; absent for no file yet. */
  constructor(now: () => number, text?: string) {
    this.#now = now;
    if (text !== undefined) this.replace(text);
  }

  stat(): FileStamp | undefined {
    return this.#file?.stamp;
  }

  read(): string {
    if (this.#file === undefined) throw new Error('the machines file does not exist');
    return this.#file.text;
  }

  /** Moves a new file into its place: new inode, new modification time. */
  replace(text: string): void {
    this.#inode += 1;
    this.#file = { stamp: this.#stamp(), text };
  }

  /** Gives it a new modification time and nothing else. A file that is not there is made, empty. */
  touch(): void {
    this.#file = { stamp: this.#stamp(), text: this.#file?.text ?? '' };
  }

  remove(): void {
    this.#file = undefined;
  }

  #stamp(): FileStamp {
    return { inode: this.#inode, mtime: Math.floor(this.#now()) };
  }
}
