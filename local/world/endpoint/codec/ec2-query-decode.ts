/** The `ec2Query` request: form fields such as `Filter.1.Value.2`, read by the operation's schema. */
import type { NormalizedSchema } from '@smithy/core/schema';
import { RegionError, missingParameter } from '../../region/errors.ts';
import { requiredMembers } from './schemas.ts';

/** Form fields by the dots in their names. */
interface Field {
  value?: string;
  readonly parts: Map<string, Field>;
}

const PROTOCOL_FIELDS = new Set(['Action', 'Version']);

/**
 * @returns the input as the SDK's types describe it
 * @throws RegionError `UnknownParameter`, `MissingParameter` or `InvalidParameterValue`
 */
export function decodeEc2Query(input: NormalizedSchema, form: URLSearchParams): unknown {
  const root: Field = { parts: new Map() };
  for (const [name, value] of form) {
    if (PROTOCOL_FIELDS.has(name)) continue;
    const field = name.split('.').reduce(part, root);
    field.value = value;
  }
  return decode(input, root, '');
}

function part(field: Field, name: string): Field {
  const existing = field.parts.get(name);
  if (existing !== undefined) return existing;
  const created: Field = { parts: new Map() };
  field.parts.set(name, created);
  return created;
}

function decode(schema: NormalizedSchema, field: Field, path: string): unknown {
  if (schema.isUnitSchema()) return refuseParts(field, path) ?? {};
  if (schema.isStructSchema()) return decodeStructure(schema, field, path);
  if (schema.isListSchema()) return decodeList(schema, field, path);
  refuseParts(field, path);
  return decodeScalar(schema, field.value ?? '', path);
}

function decodeStructure(schema: NormalizedSchema, field: Field, path: string): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const rest = new Map(field.parts);
  for (const [name, member] of schema.structIterator()) {
    const key = queryKey(name, member);
    const child = rest.get(key);
    rest.delete(key);
    if (child !== undefined) result[name] = decode(member, child, join(path, key));
  }
  const [unknown] = rest.keys();
  if (unknown !== undefined) throw unknownParameter(join(path, unknown));
  const missing = requiredMembers(schema).find((name) => result[name] === undefined);
  if (missing !== undefined) throw missingParameter(join(path, missing));
  return result;
}

function decodeList(schema: NormalizedSchema, field: Field, path: string): readonly unknown[] {
  const member = schema.getValueSchema();
  return [...field.parts]
    .map(([index, child]) => {
      if (!/^[1-9]\d*$/.test(index)) throw unknownParameter(join(path, index));
      return { index: Number(index), value: decode(member, child, join(path, index)) };
    })
    .sort((a, b) => a.index - b.index)
    .map(({ value }) => value);
}

function decodeScalar(schema: NormalizedSchema, text: string, path: string): unknown {
  if (schema.isBooleanSchema()) {
    if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
    throw invalid(path, text, 'a boolean');
  }
  if (schema.isNumericSchema()) {
    if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
    throw invalid(path, text, 'a number');
  }
  if (schema.isTimestampSchema()) {
    const date = new Date(text);
    if (!Number.isNaN(date.getTime())) return date;
    throw invalid(path, text, 'a timestamp');
  }
  return schema.isBlobSchema() ? Buffer.from(text, 'base64') : text;
}

/** The name a structure's member has in the form. */
function queryKey(name: string, member: NormalizedSchema): string {
  const { ec2QueryName, xmlName } = member.getMergedTraits();
  if (typeof ec2QueryName === 'string') return ec2QueryName;
  const key = xmlName ?? name;
  return key.charAt(0).toUpperCase() + key.slice(1);
}

function refuseParts(field: Field, path: string): undefined {
  const [unknown] = field.parts.keys();
  if (unknown !== undefined) throw unknownParameter(join(path, unknown));
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const unknownParameter = (path: string): RegionError =>
  new RegionError('UnknownParameter', `The parameter ${path} is not recognized`);

const invalid = (path: string, text: string, wanted: string): RegionError =>
  new RegionError('InvalidParameterValue', `Invalid value '${text}' for ${path}. It must be ${wanted}.`);
