/** Holds a value against a schema and tells every mistake with its place. */
import * as z from 'zod';
import { unknownKey } from '../../../lambdas/core/config/hints.ts';
import { suggest } from '../../../lambdas/config-file/suggest.ts';
import type { Mistake } from './scenario.ts';

/** The value as the schema has it, or undefined and its mistakes. */
export function held<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: string,
  mistakes: Mistake[],
): z.output<Schema> | undefined {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  mistakes.push(...parsed.error.issues.flatMap((issue) => mistakesOf(issue, schema, place)));
  return undefined;
}

function mistakesOf(issue: z.core.$ZodIssue, schema: z.ZodType, place: string): readonly Mistake[] {
  const path = [place, ...issue.path.map(String)].filter((part) => part !== '').join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: path === '' ? key : `${path}.${key}`,
      message: unknownKey(key, knownAt(schema, issue.path), suggest),
    }));
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined;
  return [{ path, message: isMissing ? `is missing; it is a ${issue.expected}` : issue.message }];
}

/** The keys that the object at this place may have. */
function knownAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return knownAt(schema.unwrap(), path);
  if (!(schema instanceof z.ZodObject)) return [];
  const [first, ...rest] = path;
  return first === undefined ? Object.keys(schema.shape) : knownAt(schema.shape[String(first)], rest);
}
