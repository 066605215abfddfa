/** The queue runner's connection to one builder, for one step. Once lost or closed it stays silent. */
export interface BuilderConnection {
  /** Connects and sends the inputs: `seconds` once the builder answers. */
  connect(seconds: number, done: () => void): void;
  /** Builds for `seconds`. Time goes on while the builder is frozen, so a thaw ends what is overdue. */
  build(seconds: number, done: () => void): void;
  /** Copies the output back for `seconds`; stands still while the builder is frozen. */
  copyBack(seconds: number, done: () => void): void;
  /** Whether the builder itself, whatever its line says, has these features. */
  hasFeatures(features: readonly string[]): boolean;
  close(): void;
}

/** Whom a builder lets in, and where. */
export interface Login {
  readonly user: string;
  readonly port: number;
}

/** What a connection goes to. */
export interface Destination {
  /** Host, with `:port` unless 22. */
  readonly address: string;
  /** Absent where the line names none. */
  readonly user?: string;
}

/** What the queue runner reaches its builders over. */
export interface BuilderNetwork {
  /** @param lost called once, when the connection is refused, times out or breaks. */
  open(destination: Destination, lost: () => void): BuilderConnection;
}
