/** An answer of ours that the SDK's schema does not allow: a bug of the endpoint, never of the caller. */
export class WrongOutputError extends Error {
  override readonly name = 'WrongOutputError';

  constructor(path: string, wanted: string, value: unknown) {
    super(`the answer's ${path} must be ${wanted}, not ${JSON.stringify(value)}`);
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
