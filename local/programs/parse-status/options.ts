/** What people say of a saved status that is not in its file. */
export interface CaptureOptions {
  /** Of the status command: the C++ queue runner's only. */
  readonly exitCode?: number;
  /** The Hydra host's clock when it was taken, in epoch seconds. */
  readonly hostTime?: number;
  /** A folder with the .drv files of the queue, for the features that steps require: the Rust queue runner's only. */
  readonly store?: string;
}
