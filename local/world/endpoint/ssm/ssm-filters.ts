/** The key-and-value filters of SSM's List calls: every one must match exactly. */
import { RegionError } from '../../region/errors.ts';

/** As the SDK decodes it: lower case in Run Command. */
export interface SsmFilter {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
}

/** @throws RegionError `InvalidFilterKey` for a key AWS or the simulation does not know */
export function applySsmFilters<T>(
  items: readonly T[],
  filters: readonly SsmFilter[] | undefined,
  table: Readonly<Record<string, (item: T) => string>>,
): readonly T[] {
  const tests = (filters ?? []).map(({ key = '', value }) => {
    const read = table[key];
    if (read === undefined) throw new RegionError('InvalidFilterKey', `The filter ${key} is not simulated.`);
    return (item: T): boolean => read(item) === value;
  });
  return items.filter((item) => tests.every((test) => test(item)));
}
