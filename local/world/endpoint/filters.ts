/** `Filters` of Describe calls: all must match, any value of each; `*` and `?` are wildcards, a backslash makes them plain. */
import { RegionError } from '../region/errors.ts';
import type { Tags } from '../region/launch-parameters.ts';

/** As the SDK decodes it. */
export interface Filter {
  readonly Name?: string | undefined;
  readonly Values?: readonly string[] | undefined;
}

/** For each filter name, the values of an item it is compared with. */
export type FilterTable<T> = Readonly<Record<string, (item: T) => readonly (string | undefined)[]>>;

const VALUES_MAX = 200;

/** The filters that every tagged thing has. */
export const tagFilters = <T>(tagsOf: (item: T) => Tags): FilterTable<T> => ({
  'tag-key': (item) => Object.keys(tagsOf(item)),
  'tag-value': (item) => Object.values(tagsOf(item)),
});

/**
 * Those of `items` that match. `tagsOf` lets `tag:NAME` filters in.
 * @throws RegionError `InvalidParameterValue` for a filter AWS or the simulation does not know
 */
export function applyFilters<T>(
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  table: FilterTable<T>,
  tagsOf?: (item: T) => Tags,
): readonly T[] {
  const tests = (filters ?? []).map((filter) => toTest(filter, table, tagsOf));
  return items.filter((item) => tests.every((test) => test(item)));
}

function toTest<T>(
  { Name: name = '', Values: values = [] }: Filter,
  table: FilterTable<T>,
  tagsOf: ((item: T) => Tags) | undefined,
): (item: T) => boolean {
  const valuesOf = readerOf(name, table, tagsOf);
  if (values.length === 0)
    throw new RegionError('InvalidParameterValue', `The filter '${name}' has no values`);
  if (values.length > VALUES_MAX) {
    throw new RegionError('FilterLimitExceeded', `The maximum number of filter values is ${VALUES_MAX}`);
  }
  const patterns = values.map(toPattern);
  return (item) =>
    valuesOf(item).some((value) => value !== undefined && patterns.some((pattern) => pattern.test(value)));
}

function readerOf<T>(
  name: string,
  table: FilterTable<T>,
  tagsOf: ((item: T) => Tags) | undefined,
): (item: T) => readonly (string | undefined)[] {
  if (tagsOf !== undefined && name.startsWith('tag:')) {
    const key = name.slice('tag:'.length);
    return (item) => [tagsOf(item)[key]];
  }
  const reader = table[name];
  if (reader !== undefined) return reader;
  throw new RegionError('InvalidParameterValue', `The filter '${name}' is invalid`);
}

function toPattern(value: string): RegExp {
  const source = value.replace(/\\[*?\\]|[\s\S]/g, (token) => {
    if (token === '*') return '[\\s\\S]*';
    if (token === '?') return '[\\s\\S]';
    return (token.length === 2 ? token.slice(1) : token).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}
