/** What an import could not carry over as it was. */
export interface Note {
  /** Where in the old configuration, such as `systemTypes.x86_64-linux.nixPath`. */
  readonly path: string;
  /** What became of it, and what to do. */
  readonly message: string;
}
