/** docs/nixos-options.md is what the modules say of their options. `npx vitest run FILE -u` writes it anew. */
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../docs/documents.ts';
import { needs } from '../needs.ts';
import { infraFile, optionsOf, type NixOption } from './nixos.ts';

const PAGE = join(ROOT, 'docs/nixos-options.md');

beforeEach((context) => {
  needs(context, 'nix-instantiate');
});

const HOST = optionsIn('hydra-host/host.nix', 'host');
const TABLES: readonly (readonly [string, string, () => readonly NixOption[]])[] = [
  ['The Hydra host', 'Module `hydra-host`, options `services.hydra-autoscaler.host.…`', HOST],
  [
    'The Hydra host outside EC2',
    'Module `hydra-host-hybrid`, options `services.hydra-autoscaler.host.…`, in addition to those above',
    () => {
      const known = new Set(HOST().map(({ name }) => name));
      return optionsIn('hydra-host/hybrid.nix', 'host')().filter(({ name }) => !known.has(name));
    },
  ],
  [
    'A builder’s image',
    'Module `builder`, options `services.hydra-autoscaler.builder.…`',
    optionsIn('builders/builder.nix', 'builder'),
  ],
];

function optionsIn(file: string, part: string): () => readonly NixOption[] {
  return () =>
    optionsOf({ modules: [infraFile(file)], hydra: 'nixpkgs-registers' }, [
      'services',
      'hydra-autoscaler',
      part,
    ]);
}

/** A value as Nix writes it. */
function nix(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[ ]' : `[ ${value.map(nix).join(' ')} ]`;
  if (value !== null && typeof value === 'object')
    return `{ ${Object.entries(value)
      .map(([name, part]) => `${name} = ${nix(part)}; `)
      .join('')}}`;
  return JSON.stringify(value);
}

/** What an option has for its default or example; undefined where it has none. */
function shown(given: NixOption['default']): string | undefined {
  if ('text' in given) return given.text;
  return 'value' in given ? `\`${nix(given.value)}\`` : undefined;
}

const row = (option: NixOption): string => {
  const example = shown(option.example);
  const cells = [
    `\`${option.name}\``,
    option.type,
    shown(option.default) ?? 'needed',
    `${option.description}${example === undefined ? '' : ` Example: ${example}`}`,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
};

function page(): Promise<string> {
  const tables = TABLES.map(
    ([heading, which, options]) =>
      `## ${heading}\n\n${which}:\n\n| option | type | default | what it is |\n| --- | --- | --- | --- |\n${options().map(row).join('\n')}\n`,
  );
  return resolveConfig(PAGE).then((style) =>
    format(
      `# Options of the NixOS modules\n\nMade from the [modules](nixos.md) themselves. In names \`*\` is any entry of a list.\n\n${tables.join('\n')}`,
      { ...style, parser: 'markdown' },
    ),
  );
}

describe('the options of our NixOS modules', () => {
  it('are listed as the modules have them', async () => {
    await expect(await page()).toMatchFileSnapshot(PAGE);
  });

  it('are each said in a sentence', () => {
    for (const [, , options] of TABLES) {
      expect(options().length).toBeGreaterThan(0);
      for (const { name, description } of options())
        expect(`${name}: ${description}`).toMatch(/: [A-Z].*[.)]$/);
    }
  });
});
