/** Where a row of BuildSteps is, by the number in its column `busy`. */
export type Busy = 10 | 20 | 30 | 40 | 50;

export const CONNECTING: Busy = 10;
export const SENDING_INPUTS: Busy = 20;
export const BUILDING: Busy = 30;
export const RECEIVING_OUTPUTS: Busy = 40;
export const POST_PROCESSING: Busy = 50;

/** How a builder says that a step ended: `failed` is final, `broken` is tried again. */
export type JobResult = 'succeeded' | 'failed' | 'broken';

/** How long the parts of a step took, in milliseconds. */
export interface JobTimes {
  readonly importMs: number;
  readonly buildMs: number;
  readonly uploadMs: number;
}

export const NO_TIMES: JobTimes = { importMs: 0, buildMs: 0, uploadMs: 0 };
