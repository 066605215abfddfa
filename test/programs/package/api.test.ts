/** docs/api.md is what the docstrings of the construct say. `npx vitest run FILE -u` writes it anew. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiReference } from '../../../local/programs/package/api.ts';
import { ROOT } from '../../docs/documents.ts';

const PAGE = join(ROOT, 'docs/api.md');

let other = '';
beforeAll(() => {
  other = mkdtempSync(join(tmpdir(), 'api-'));
  mkdirSync(join(other, 'infra'));
  writeFileSync(join(other, 'infra/index.ts'), `export type { Props } from './props.ts';\n`);
});
afterAll(() => {
  rmSync(other, { recursive: true, force: true });
});

const referenceOf = (props: string): Promise<string> => {
  writeFileSync(join(other, 'infra/props.ts'), props);
  return apiReference(other);
};

it('is what the page says', async () => {
  const page = await format(await apiReference(ROOT), { ...(await resolveConfig(PAGE)), filepath: PAGE });
  await expect(page).toMatchFileSnapshot(PAGE);
});

it('has each prop with type, default and meaning', async () => {
  const page = await referenceOf(
    `/** Said. */
     export interface Props extends More {
       /** How many, \`a | b\`. */
       readonly count: 1 | 2;
       /**
        * Whether it is.
        * @default - it is
        */
       readonly is?: boolean;
     }`,
  );
  expect(page.replaceAll(/ +/g, ' ').replaceAll(/-+/g, '-')).toContain(
    `## Props

Said.

All of [More](#more), and:

| prop | type | default | meaning |
| - | - | - | - |
| \`count\` | \`1 \\| 2\` | needed | How many, \`a \\| b\`. |
| \`is\` | \`boolean\` | it is | Whether it is. |`,
  );
});

it('is refused where something exported has no docstring, or is nowhere', async () => {
  await expect(
    referenceOf('/** Said. */\nexport interface Props { readonly count: number }'),
  ).rejects.toThrow(/Props\.count is exported, and its docstring does not say/);
  await expect(referenceOf('export interface Prop { readonly count: number }')).rejects.toThrow(
    /Props is not declared in/,
  );
});
