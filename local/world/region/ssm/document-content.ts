/** The content of a Run Command document: the part of schema 2.2 that runs one shell script. */
import * as z from 'zod';
import { RegionError } from '../errors.ts';

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

const parameterSchema = z.strictObject({
  type: z.enum(['String', 'StringList']),
  description: z.string().optional(),
  default: z.union([z.string(), z.array(z.string())]).optional(),
  allowedPattern: z.string().refine(isRegularExpression, 'must be a regular expression').optional(),
  allowedValues: z.array(z.string()).optional(),
  minChars: z.int().optional(),
  maxChars: z.int().optional(),
  minItems: z.int().optional(),
  maxItems: z.int().optional(),
  displayType: z.enum(['textfield', 'textarea']).optional(),
  interpolationType: z.enum(['RAW', 'ENV_VAR']).optional(),
});

const stepSchema = z.strictObject({
  action: z.literal('aws:runShellScript'),
  name: z.string().regex(/^[a-zA-Z0-9_-]{3,128}$/),
  precondition: z.record(z.string(), z.array(z.string())).optional(),
  inputs: z.strictObject({
    runCommand: z.union([z.string(), z.array(z.string())]),
    timeoutSeconds: z.union([z.string(), z.int()]).optional(),
    workingDirectory: z.string().optional(),
  }),
});

const contentSchema = z.strictObject({
  schemaVersion: z.literal('2.2'),
  description: z.string().optional(),
  parameters: z.record(z.string().regex(/^[a-zA-Z0-9]+$/), parameterSchema).optional(),
  mainSteps: z.tuple([stepSchema]),
});

export type DocumentParameter = z.output<typeof parameterSchema>;
export type DocumentContent = z.output<typeof contentSchema>;

/** @throws RegionError `InvalidDocumentContent` that names every member at fault */
export function parseDocumentContent(text: string): DocumentContent {
  const result = contentSchema.safeParse(parseJson(text));
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `${issue.path.join('.') || 'content'}: ${issue.message}`,
  );
  throw new RegionError(
    'InvalidDocumentContent',
    `The simulated region runs schema 2.2 documents with one aws:runShellScript step. ${problems.join('; ')}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RegionError('InvalidDocumentContent', `JSON not well-formed: ${String(error)}`);
  }
}
