/** What the JSON Schema of the configuration says of one key, in words for a table. */
import * as z from 'zod';

/** The part of JSON Schema that zod makes of our schemas. */
const nodeSchema = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  const: z.union([z.string(), z.number()]).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  get items() {
    return nodeSchema.optional();
  },
  get anyOf() {
    return z.array(nodeSchema).optional();
  },
  /** Objects of several kinds, told apart by one of their keys. */
  get oneOf() {
    return z.array(nodeSchema).optional();
  },
  get properties() {
    return z.record(z.string(), nodeSchema).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), nodeSchema]).optional();
  },
  required: z.array(z.string()).optional(),
});

export type Node = z.output<typeof nodeSchema>;

/** @throws ZodError if zod writes its schemas differently than it did. */
export const readNode = (jsonSchema: unknown): Node => nodeSchema.parse(jsonSchema);

type Property = [key: string, value: Node, isRequired: boolean];

/** The keys of an object, of one of several objects, of objects of all kinds, or of the objects a record holds. */
export function propertiesOf(node: Node): Property[] {
  const alternatives = node.anyOf ?? [];
  if (alternatives.length > 0)
    return alternatives.flatMap(propertiesOf).map(([key, value]) => [key, value, false]);
  const kinds = (node.oneOf ?? []).flatMap(propertiesOf);
  if (kinds.length > 0) return ofAllKinds(kinds);
  const held = heldBy(node);
  if (held !== undefined) return propertiesOf(held);
  return Object.entries(node.properties ?? {}).map(([key, value]) => [
    key,
    value,
    (node.required ?? []).includes(key),
  ]);
}

/** Each key as the first kind has it, the one that is meant where none is named; what tells the kinds apart has the choices of all. */
function ofAllKinds(properties: readonly Property[]): Property[] {
  const firsts = properties.filter(
    ([key], index) => properties.findIndex(([other]) => other === key) === index,
  );
  return firsts.map(([key, value, isRequired]) => {
    const same = properties.filter(([other]) => other === key).map(([, other]) => other);
    const choices = [...new Set(constants({ anyOf: same }))];
    return [key, choices.length > 1 ? { ...value, enum: choices } : value, isRequired];
  });
}

/** What a record holds under each of its keys, if it is one. */
export const heldBy = ({ additionalProperties }: Node): Node | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined;

/** Numbers this large stand for no limit: JSON Schema knows no safe integers. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

export function typeInWords(node: Node): string {
  const choices = node.enum ?? constants({ anyOf: [node, ...(node.anyOf ?? [])] });
  if (choices.length > 0) return choices.map((choice) => `\`${choice}\``).join(', ');
  switch (node.type) {
    case 'integer':
    case 'number':
      return `${node.type === 'integer' ? 'whole number' : 'number'}${limits(node)}`;
    case 'boolean':
      return '`true`, `false`';
    case 'string':
      return 'text';
    case 'array':
      return `list of ${node.items === undefined ? 'anything' : typeInWords(node.items)}`;
    default: {
      const held = heldBy(node);
      return held === undefined || held.properties !== undefined ? 'object' : `${typeInWords(held)} by name`;
    }
  }
}

const constants = ({ anyOf = [] }: Node): (string | number)[] =>
  anyOf.flatMap((choice) => (choice.const === undefined ? [] : [choice.const]));

function limits({ minimum, maximum, exclusiveMinimum }: Node): string {
  const least = minimum !== undefined && minimum > -NO_LIMIT ? minimum : undefined;
  const most = maximum !== undefined && maximum < NO_LIMIT ? maximum : undefined;
  const spell = (value: number): string => value.toLocaleString('en-GB', { maximumFractionDigits: 6 });
  if (exclusiveMinimum !== undefined) return ` above ${spell(exclusiveMinimum)}`;
  if (least !== undefined && most !== undefined) return `, ${spell(least)} to ${spell(most)}`;
  if (least !== undefined) return ` from ${spell(least)}`;
  return most === undefined ? '' : ` up to ${spell(most)}`;
}

/** How descriptions tell a default that no value could: at their end, as in `Swap file; default 4`. */
const DEFAULT_IN_WORDS = /^(.*); default (.+)$/;

/** A description without the default at its end. */
export const meaningOf = ({ description = '' }: Node): string =>
  DEFAULT_IN_WORDS.exec(description)?.[1] ?? description;

export function defaultOf(node: Node, isRequired: boolean): string {
  if (isRequired) return 'needed';
  const [, , words] = DEFAULT_IN_WORDS.exec(node.description ?? '') ?? [];
  if (words !== undefined) return looksLikeValue(node, words) ? `\`${words}\`` : words;
  const value = node.default;
  if (value === undefined || isEmpty(value)) return 'none';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

/** `twice maxTotalMachines` is for people, `m7i.large` is what could be written. */
const looksLikeValue = (node: Node, words: string): boolean =>
  node.type === 'boolean' ||
  (node.enum ?? []).includes(words) ||
  (/[\d/.]/.test(words) && !words.includes(' '));

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
