/** The reference of the configuration, made from its schema: one table per section, as Markdown. */
import { format } from 'prettier';
import * as z from 'zod';
import { configSchema } from '../../../lambdas/core/config/schema.ts';
import { defaultOf, meaningOf, propertiesOf, readNode, typeInWords } from './properties.ts';
import type { Node } from './properties.ts';

const START = '<!-- configuration reference -->';
const END = '<!-- end -->';

/** The JSON Schema of autoscaler.json, for editors. */
export const configJsonSchema = (): Readonly<Record<string, unknown>> => ({
  title: 'Configuration of hydra-autoscaler',
  ...z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' }),
});

/** The tables, formatted as this project's documents are. */
export async function configReference(): Promise<string> {
  const sections = sectionsBelow('', readNode(configJsonSchema()));
  const tables = sections.map(({ title, keys }) =>
    [title, table(keys)].filter((text) => text !== '').join('\n\n'),
  );
  const text = await format(tables.join('\n\n'), { parser: 'markdown' });
  return text.trimEnd();
}

/**
 * A document with the reference put between its markers.
 * @throws Error when it has no such place.
 */
export function withReference(document: string, reference: string): string {
  const start = document.indexOf(START);
  const end = document.indexOf(END, start);
  if (start < 0 || end < 0)
    throw new Error(
      `has no place for the configuration reference: put the lines ${START} and ${END} where it belongs`,
    );
  return `${document.slice(0, start + START.length)}\n\n${reference}\n\n${document.slice(end)}`;
}

interface Section {
  /** Empty for the file itself. */
  readonly title: string;
  readonly keys: readonly Key[];
}

type Key = ReturnType<typeof propertiesOf>[number];

/** Sections that say the same are told once: the settings of builders, for all and for one type. */
function sectionsBelow(path: string, node: Node): Section[] {
  const keys = propertiesOf(node).filter(([key]) => key !== '$schema');
  const title = path === '' ? '' : `In \`${path}\`:`;
  const own = { title, keys };
  const below = keys.flatMap(([key, value]) => {
    const inner = `${path === '' ? '' : `${path}.`}${key}`;
    const isRecord = typeof value.additionalProperties === 'object';
    return propertiesOf(value).length === 0 ? [] : sectionsBelow(isRecord ? `${inner}.<type>` : inner, value);
  });
  return merged([own, ...below]);
}

function merged(sections: readonly Section[]): Section[] {
  const byTable = new Map<string, Section>();
  for (const section of sections) {
    const text = table(section.keys);
    const same = byTable.get(text);
    const title =
      same === undefined
        ? section.title
        : `${same.title.slice(0, -1)} and ${section.title.slice('In '.length)}`;
    byTable.set(text, { ...section, title });
  }
  return [...byTable.values()];
}

/** Left to prettier to align. */
function table(keys: readonly Key[]): string {
  const rows = keys.map(([key, value, isRequired]) => [
    `\`${key}\``,
    typeInWords(value),
    defaultOf(value, isRequired),
    meaningOf(value),
  ]);
  return [['key', 'type', 'default', 'meaning'], ['-', '-', '-', '-'], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`)
    .join('\n');
}
