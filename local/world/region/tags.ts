/** Tags of instances and templates: AWS's rules, and adding and removing them. */
import { RegionError } from './errors.ts';
import type { MutableInstance } from './instance.ts';
import type { Tags } from './launch-parameters.ts';

const KEY_LENGTH_MAX = 128;
const VALUE_LENGTH_MAX = 256;
const COUNT_MAX = 50;

/** @throws RegionError for what AWS does not take as a user's tag */
export function checkTags(tags: Tags): void {
  if (Object.keys(tags).length > COUNT_MAX) {
    throw new RegionError('TagLimitExceeded', `The maximum number of tags, ${COUNT_MAX}, is exceeded`);
  }
  for (const [key, value] of Object.entries(tags)) {
    if (key.length === 0 || key.length > KEY_LENGTH_MAX) {
      throw new RegionError(
        'InvalidParameterValue',
        `Tag key '${key}' must have 1 to ${KEY_LENGTH_MAX} characters`,
      );
    }
    if (value.length > VALUE_LENGTH_MAX) {
      throw new RegionError(
        'InvalidParameterValue',
        `Value of tag '${key}' exceeds ${VALUE_LENGTH_MAX} characters`,
      );
    }
    if (key.toLowerCase().startsWith('aws:')) {
      throw new RegionError(
        'InvalidParameterValue',
        `Tag keys starting with 'aws:' are reserved for internal use`,
      );
    }
  }
}

export function addTags(instance: MutableInstance, tags: Tags): void {
  const next = { ...instance.tags, ...tags };
  const own = Object.fromEntries(Object.entries(next).filter(([key]) => !key.startsWith('aws:')));
  checkTags(own);
  instance.tags = next;
}

/** Removes the named tags; where a value is given, only if it is the tag's. */
export function removeTags(
  instance: MutableInstance,
  tags: readonly { key: string; value?: string | undefined }[],
): void {
  const isNamed = (key: string, value: string): boolean =>
    tags.some((tag) => tag.key === key && (tag.value === undefined || tag.value === value));
  instance.tags = Object.fromEntries(
    Object.entries(instance.tags).filter(([key, value]) => !isNamed(key, value)),
  );
}
