/**
 * The SDK's own runtime schemas as the contract of the wire: every operation `X` of a client package is exported as `X$`.
 * This rests on internals of the SDK; test/world/endpoint/schemas.test.ts walks every schema in use so that an upgrade that moves them is noticed.
 */
import { NormalizedSchema } from '@smithy/core/schema';

export interface OperationSchemas {
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

/** Positions in the SDK's static operation and structure schemas. */
const OPERATION_INPUT = 4;
const OPERATION_OUTPUT = 5;
const STRUCTURE_REQUIRED_COUNT = 6;

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

const normalized = (reference: unknown): NormalizedSchema => {
  const schema: unknown = typeof reference === 'function' ? reference() : reference;
  return NormalizedSchema.of(schema as SchemaRef);
};

/**
 * Schemas of one operation, from a client package's exports.
 * @throws Error when the package has no such operation or its schemas are built differently
 */
export function operationSchemas(clientExports: object, action: string): OperationSchemas {
  const operation: unknown = Reflect.get(clientExports, `${action}$`);
  if (!Array.isArray(operation)) throw new Error(`the SDK exports no schema ${action}$`);
  const [input, output] = [normalized(operation[OPERATION_INPUT]), normalized(operation[OPERATION_OUTPUT])];
  const isUsable = (schema: NormalizedSchema): boolean => schema.isStructSchema() || schema.isUnitSchema();
  if (!isUsable(input) || !isUsable(output))
    throw new Error(`the schema ${action}$ is not built as expected`);
  return { input, output };
}

/** Names of the members a structure cannot do without; the SDK puts them first. */
export function requiredMembers(schema: NormalizedSchema): readonly string[] {
  const structure: unknown = schema.getSchema();
  const count: unknown = Array.isArray(structure) ? structure[STRUCTURE_REQUIRED_COUNT] : undefined;
  const names = [...schema.structIterator()].map(([name]) => name);
  return names.slice(0, typeof count === 'number' ? count : 0);
}
