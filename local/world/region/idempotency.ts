/** Client tokens: the same request sent twice has its effect once. */
import { RegionError } from './errors.ts';
import type { RegionInstance } from './instance.ts';
import type { RegionSettings } from './settings.ts';

interface Remembered<T> {
  readonly fingerprint: string;
  readonly result: T;
}

/** The same text for equal requests, whatever the order of their members. */
export function fingerprint(request: unknown): string {
  return JSON.stringify(request, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Remembers successful results by token; a refused request leaves its token free, as on AWS. */
export class ClientTokens<T> {
  readonly #remembered = new Map<string, Remembered<T>>();

  /**
   * What the token got before, or undefined when it is new or absent. `scope` is `region` or a zone: a token counts in each alone.
   * @throws RegionError `IdempotentParameterMismatch` when the request differs, `InvalidParameterValue` for a token over 64 characters.
   */
  recall(scope: string, token: string | undefined, request: unknown): T | undefined {
    if (token === undefined) return undefined;
    if (!/^[\x20-\x7e]{1,64}$/.test(token)) {
      throw new RegionError('InvalidParameterValue', 'ClientToken must be 1 to 64 ASCII characters.');
    }
    const remembered = this.#remembered.get(`${scope}\n${token}`);
    if (remembered === undefined) return undefined;
    if (remembered.fingerprint === fingerprint(request)) return remembered.result;
    throw new RegionError(
      'IdempotentParameterMismatch',
      'The request uses the same client token as a previous, but non-identical request.',
    );
  }

  remember(scope: string, token: string | undefined, request: unknown, result: T): void {
    if (token === undefined) return;
    this.#remembered.set(`${scope}\n${token}`, { fingerprint: fingerprint(request), result });
  }
}

/** Whether a launch whose instances are all gone may be repeated. @throws RegionError `IdempotentInstanceTerminated` */
export function checkRepeat(instances: readonly RegionInstance[], settings: RegionSettings): void {
  if (settings.terminatedTokenAnswer === 'terminated-instances' || instances.length === 0) return;
  if (!instances.every(({ state }) => state === 'terminated')) return;
  throw new RegionError(
    'IdempotentInstanceTerminated',
    'The request to launch an instance uses the same client token as a previous request for which the instance has been terminated.',
  );
}
