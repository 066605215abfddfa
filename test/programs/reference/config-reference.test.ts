import { describe, expect, it } from 'vitest';
import { DEFAULT_BUILDER } from '../../../infra/deployment.ts';
import { DEFAULT_HYDRA_HOST } from '../../../infra/hydra-host.ts';
import {
  configJsonSchema,
  configReference,
  withReference,
} from '../../../local/programs/reference/config-reference.ts';
import { defaultOf, propertiesOf, readNode } from '../../../local/programs/reference/properties.ts';
import type { Node } from '../../../local/programs/reference/properties.ts';

const reference = await configReference();
const schema = readNode(configJsonSchema());

const at = (node: Node, ...path: string[]): Node => {
  const [key, ...rest] = path;
  if (key === undefined) return node;
  const [, found] = propertiesOf(node).find(([name]) => name === key) ?? [];
  if (found === undefined) throw new Error(`there is no ${key}`);
  return at(found, ...rest);
};

/** Cells of the row of `key` in the section `title`. */
function row(title: string, key: string): string[] {
  const section = title === '' ? reference : reference.slice(reference.indexOf(`In \`${title}\``));
  const line = section.split('\n').find((text) => text.startsWith(`| \`${key}\` `)) ?? '';
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe('the configuration reference', () => {
  it('says of every key what it means, its type and its default', () => {
    const rows = reference.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(60);
    for (const line of rows) {
      const cells = line.split(' | ').map((cell) => cell.replace(/^\||\|$/g, '').trim());
      expect(cells, line).toHaveLength(4);
      expect(cells, line).not.toContain('');
    }
  });

  it.each([
    ['', 'host', 'object', 'needed'],
    ['host', 'instanceId', 'text', 'needed'],
    ['systemTypes.<type>', 'maxJobs', 'whole number, 1 to 10,000', '`1`'],
    ['systemTypes.<type>', 'runnablesPerMachine', 'number above 0', '`10`'],
    ['systemTypes.<type>', 'market', '`on-demand`, `spot`, `spot-then-on-demand`', '`on-demand`'],
    ['systemTypes.<type>', 'targetWait', 'number, 60 to 86,400', '600, where none of those is named'],
    ['systemTypes.<type>', 'subnets', 'list of text', 'none'],
    ['systemTypes.<type>.image', 'architecture', '`x86_64`, `arm64`', 'that of the type’s first system'],
    ['deploy', 'launchesPerHour', 'whole number from 1', 'twice `maxTotalMachines`'],
    ['deploy', 'tags', 'text by name', 'none'],
    ['deploy.builder', 'diskGiB', 'whole number, 8 to 16,384', '`100`'],
    ['deploy.builder.upload', 'to', 'text', 'needed'],
    ['deploy.hydraHost', 'webSource', 'text', 'nobody'],
  ])('in %j knows %s as %s, default %s', (title, key, type, standard) => {
    expect(row(title, key).slice(0, 3)).toEqual([`\`${key}\``, type, standard]);
  });

  it('tells what holds for all builders and for one type once', () => {
    expect(reference).toContain('In `deploy.builder` and `deploy.builders.<type>`:');
    expect(reference.match(/`swapGiB`/g)).toHaveLength(1);
  });

  it.each([
    ['builder', DEFAULT_BUILDER],
    ['hydraHost', DEFAULT_HYDRA_HOST],
  ])('promises the defaults that deploy.%s really has', (part, defaults) => {
    const node = at(schema, 'deploy', part);
    for (const [key, value] of Object.entries(defaults)) {
      if (Array.isArray(value) && value.length === 0) continue;
      expect(defaultOf(at(node, key), false), key).toBe(`\`${String(value)}\``);
    }
  });
});

describe('a document with the reference in it', () => {
  const document = '# Title\n\n<!-- configuration reference -->\nold\n<!-- end -->\n\nrest <!-- end -->\n';

  it('keeps everything around it, and is the same when it is written again', () => {
    const written = withReference(document, 'new');
    expect(written).toBe(
      '# Title\n\n<!-- configuration reference -->\n\nnew\n\n<!-- end -->\n\nrest <!-- end -->\n',
    );
    expect(withReference(written, 'new')).toBe(written);
  });

  it.each(['# Title\n', '<!-- end -->\n<!-- configuration reference -->\n'])(
    'needs its markers: %j',
    (text) => {
      expect(() => withReference(text, 'new')).toThrow(
        /put the lines <!-- configuration reference --> and <!-- end -->/,
      );
    },
  );
});
