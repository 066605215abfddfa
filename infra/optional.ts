/** `{ name: value }`, or nothing at all: an optional property may be left out but not undefined. */
export function optional<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, V>);
}
