/** Tags of instances and templates: AWS's rules, and adding and removing them. */
import { RegionError } from './errors.ts';
import type { MutableInstance } from './instance.ts';
import type { Tags } from './launch-parameters.ts';

const KEY_LENGTH_MAX = 128;
const VALUE_LENGTH_MAX = 256;
const COUNT_MAX = 50;

/** @throws RegionError for what AWS does not take as a user's tags */
export function checkTags(tags: Tags): void {
  checkCount(tags);
  for (const [key, value] of Object.entries(tags)) {
    const problem = problemOf(key, value);
    if (problem !== undefined) throw new RegionError('InvalidParameterValue', problem);
  }
}

function problemOf(key: string, value: string): string | undefined {
  if (key.length === 0 || key.length > KEY_LENGTH_MAX)
    return `Tag key '${key}' must have 1 to ${KEY_LENGTH_MAX} characters`;
  if (value.length > VALUE_LENGTH_MAX) return `Value of tag '${key}' exceeds ${VALUE_LENGTH_MAX} characters`;
  if (isReserved(key)) return `Tag keys starting with 'aws:' are reserved for internal use`;
  return undefined;
}

const isReserved = (key: string): boolean => key.toLowerCase().startsWith('aws:');

/** AWS's own tags do not count. */
function checkCount(tags: Tags): void {
  if (Object.keys(tags).filter((key) => !isReserved(key)).length <= COUNT_MAX) return;
  throw new RegionError('TagLimitExceeded', `The maximum number of tags, ${COUNT_MAX}, is exceeded`);
}

/** @throws RegionError for bad tags, or too many together with those that are there */
export function addTags(instance: MutableInstance, tags: Tags): void {
  checkTags(tags);
  const all = { ...instance.tags, ...tags };
  checkCount(all);
  instance.tags = all;
}

/**
 * Removes the named tags; where a value is given, only if it is the tag's.
 * @throws RegionError for tags of AWS's own
 */
export function removeTags(
  instance: MutableInstance,
  tags: readonly { key: string; value?: string | undefined }[],
): void {
  const reserved = tags.find(({ key }) => isReserved(key));
  if (reserved !== undefined) checkTags({ [reserved.key]: '' });
  const isNamed = (key: string, value: string): boolean =>
    tags.some((tag) => tag.key === key && (tag.value === undefined || tag.value === value));
  instance.tags = Object.fromEntries(
    Object.entries(instance.tags).filter(([key, value]) => !isNamed(key, value)),
  );
}

/** The keys of the tags that people gave it: without any named, those are removed. */
export const usersTags = ({ tags }: MutableInstance): readonly string[] =>
  Object.keys(tags).filter((key) => !isReserved(key));

/** Takes off every tag whose key begins with `prefix`, whoever gave it. */
export function stripTags(instance: MutableInstance, prefix: string): void {
  const kept = Object.entries(instance.tags).filter(([key]) => !key.startsWith(prefix));
  instance.tags = Object.fromEntries(kept);
}
