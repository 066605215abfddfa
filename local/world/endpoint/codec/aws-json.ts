/** The `awsJson1.1` protocol, read and written by the operation's schema. */
import type { NormalizedSchema } from '@smithy/core/schema';
import { RegionError } from '../../region/errors.ts';
import { requiredMembers } from './schemas.ts';
import { WrongOutputError, isRecord } from './wrong-output.ts';

/**
 * @returns the input as the SDK's types describe it
 * @throws RegionError `SerializationException` or `ValidationException`
 */
export function decodeAwsJson(input: NormalizedSchema, body: string): unknown {
  return decode(input, parse(body), '');
}

/** @throws WrongOutputError for an output the SDK could not read back whole */
export function encodeAwsJson(output: NormalizedSchema, value: unknown): string {
  return JSON.stringify(output.isUnitSchema() ? {} : encode(output, value, 'output'));
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw new RegionError('SerializationException', 'The request body is no JSON.');
  }
}

function decode(schema: NormalizedSchema, value: unknown, path: string): unknown {
  if (schema.isStructSchema()) return decodeStructure(schema, value, path);
  if (schema.isListSchema() && Array.isArray(value)) {
    return value.map((item: unknown, index) => decode(schema.getValueSchema(), item, `${path}[${index}]`));
  }
  if (schema.isMapSchema() && isRecord(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, decode(schema.getValueSchema(), item, `${path}.${key}`)]),
    );
  }
  if (schema.isTimestampSchema() && typeof value === 'number') return new Date(value * 1000);
  if (schema.isBlobSchema() && typeof value === 'string') return Buffer.from(value, 'base64');
  if (isScalarOf(schema, value)) return value;
  throw new RegionError(
    'SerializationException',
    `${path || 'The request'} cannot be ${JSON.stringify(value)}.`,
  );
}

function decodeStructure(schema: NormalizedSchema, value: unknown, path: string): Record<string, unknown> {
  if (!isRecord(value)) {
    throw new RegionError('SerializationException', `${path || 'The request'} must be an object.`);
  }
  const members = new Map(schema.structIterator());
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const member = members.get(name);
    const memberPath = path === '' ? name : `${path}.${name}`;
    if (member === undefined) {
      throw new RegionError('SerializationException', `The parameter ${memberPath} is not recognized.`);
    }
    if (item !== null) result[name] = decode(member, item, memberPath);
  }
  const missing = requiredMembers(schema).filter((name) => result[name] === undefined);
  if (missing.length === 0) return result;
  throw new RegionError(
    'ValidationException',
    `${missing.length} validation error(s) detected: ${missing.join(', ')} must not be null`,
  );
}

function encode(schema: NormalizedSchema, value: unknown, path: string): unknown {
  if (schema.isStructSchema()) return encodeStructure(schema, value, path);
  if (schema.isListSchema() && Array.isArray(value)) {
    return value.map((item: unknown, index) => encode(schema.getValueSchema(), item, `${path}[${index}]`));
  }
  if (schema.isMapSchema() && isRecord(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, encode(schema.getValueSchema(), item, `${path}.${key}`)]),
    );
  }
  if (schema.isTimestampSchema() && value instanceof Date) return value.getTime() / 1000;
  if (isScalarOf(schema, value)) return value;
  throw new WrongOutputError(path, schema.getName() ?? 'another type', value);
}

function encodeStructure(schema: NormalizedSchema, value: unknown, path: string): Record<string, unknown> {
  if (!isRecord(value)) throw new WrongOutputError(path, 'a structure', value);
  const members = new Map(schema.structIterator());
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const member = members.get(name);
    if (member === undefined) throw new WrongOutputError(`${path}.${name}`, 'nothing', item);
    result[name] = encode(member, item, `${path}.${name}`);
  }
  return result;
}

const isScalarOf = (schema: NormalizedSchema, value: unknown): boolean =>
  (schema.isBooleanSchema() && typeof value === 'boolean') ||
  (schema.isNumericSchema() && typeof value === 'number') ||
  (schema.isStringSchema() && typeof value === 'string');
