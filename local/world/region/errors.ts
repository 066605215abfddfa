/** Refusals of the simulated region, under AWS's own names. */

/** A call the region refuses. `code` is the name AWS gives this error. */
export class RegionError extends Error {
  override readonly name = 'RegionError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The call had its effect (or, with `arrived` false, never arrived), but the caller hears nothing. */
export class ReplyLostError extends Error {
  override readonly name = 'ReplyLostError';
  readonly arrived: boolean;

  constructor(action: string, arrived: boolean) {
    super(`the connection broke during ${action}`);
    this.arrived = arrived;
  }
}

export const invalidValue = (field: string, value: unknown, remedy: string): RegionError =>
  new RegionError(
    'InvalidParameterValue',
    `Value (${String(value)}) for parameter ${field} is invalid. ${remedy}`,
  );

export const missingParameter = (field: string): RegionError =>
  new RegionError('MissingParameter', `The request must contain the parameter ${field}`);

/** Every dry run ends in an error; this is the one of a call that would have been carried out. */
export const dryRunPassed = (): RegionError =>
  new RegionError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');

export const notSimulated = (what: string): RegionError =>
  new RegionError('UnsupportedOperation', `The simulated region does not simulate ${what}`);
