/** The rules of the house, kept by machine: what may import what, how long a file may be, what may not be in it. */
import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { LAWS } from './house-laws.ts';

const SOURCE_LINES_MAX = 200;
const TEST_LINES_MAX = 250;

/** Where environment, clock and SDK clients may be: the only files that know the machine they run on. */
const COMPOSITION_ROOT = /^(lambdas\/[a-z-]+\/handler\.ts|local\/programs\/[a-z-]+\.ts|infra\/app\.ts)$/;

/** Words that must not be in any file; written apart here, so that this file may hold them. */
const LEFTOVERS = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);
const MACHINE_PATHS = new RegExp(
  [
    `(^|[^\\w.-])/${'wo' + 'rk'}($|[^\\w])`,
    `\\.\\./${'sha' + 'red'}`,
    `\\.${'libra' + 'ry'}\\b`,
    `${'fact' + ' sheet'}`,
  ].join('|'),
);
const AMBIENT = /\bprocess\.env\b|\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\brandomUUID\b/;
const MOCKS = new RegExp(`\\b${'v' + 'i'}\\.(mock|fn|spyOn|stub\\w+)\\b`);
const ANY = /(:|\bas|<) any\b/;
const SKIPPED = /\b(it|test|describe)\.(skip|only|todo)\b/;

/** Where what is particular to one kind of Hydra may be named: its room, its settings, and fields that were called after it. */
const DIALECTS = /^lambdas\/(hydra|core\/(config|model))\//;
/** What only the C++ queue runner has. */
const OF_ONE_DIALECT = /machines ?files?\b|\blist(ed|ing)s?\b|host ?keys?\b|\bprobe/i;

/** Everything wrong with one file, in words. */
function faultsOf(path: string, text: string): readonly string[] {
  const code = path.endsWith('.ts') ? codeOf(text) : '';
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const isTest = path.startsWith('test/');
  const faults: [boolean, string][] = [
    [path.endsWith('.ts') && lines > (isTest ? TEST_LINES_MAX : SOURCE_LINES_MAX), `has ${lines} lines`],
    [LEFTOVERS.test(text), 'has a leftover marker'],
    [MACHINE_PATHS.test(text), 'names a place on somebody’s machine'],
    [!isTest && !COMPOSITION_ROOT.test(path) && AMBIENT.test(code), 'uses environment, clock or chance'],
    [
      path.startsWith('lambdas/') && !DIALECTS.test(path) && OF_ONE_DIALECT.test(text),
      'speaks of what only one kind of Hydra has',
    ],
    [ANY.test(code), 'uses any'],
    [isTest && MOCKS.test(code), 'mocks a module or function'],
    [isTest && SKIPPED.test(code), 'leaves tests out'],
  ];
  return [...faults.flatMap(([isFault, what]) => (isFault ? [what] : [])), ...badImports(path, text)];
}

function badImports(path: string, text: string): readonly string[] {
  const law = path.endsWith('.ts') ? LAWS.find(({ of }) => of.test(path)) : undefined;
  if (law === undefined) return [];
  const folder = dirname(path);
  const targets = ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) =>
      fileName.startsWith('.') ? normalize(join(folder, fileName)) : fileName,
    );
  return [...new Set(targets)]
    .filter((target) => dirname(target) !== folder && !law.may.some((allowed) => allowed.test(target)))
    .map((target) => `imports ${target}`);
}

/** The text without comments, and without what stands in quotes or between slashes. */
function codeOf(text: string): string {
  const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest);
  const words: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isQuoted(node)) words.push("''");
    else if (node.getChildCount(file) === 0) words.push(node.getText(file));
    else for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  return words.join(' ').replaceAll(' . ', '.').replaceAll(' (', '(');
}

const isQuoted = (node: ts.Node): boolean =>
  ts.isStringLiteralLike(node) ||
  ts.isRegularExpressionLiteral(node) ||
  ts.isTemplateHead(node) ||
  ts.isTemplateMiddleOrTemplateTail(node);

const files = globSync('{lambdas,infra,local,test,docs,examples}/**/*.{ts,sh,json,md}')
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !path.startsWith('test/fixtures/'))
  .toSorted();

describe('every file', () => {
  it.each(['lambdas', 'infra', 'local', 'test', 'docs'])('of %s keeps the rules', (folder) => {
    const own = files.filter((path) => path.startsWith(`${folder}/`));
    expect(own.length).toBeGreaterThan(10);
    const faults = own.flatMap((path) =>
      faultsOf(path, readFileSync(path, 'utf8')).map((what) => `${path} ${what}`),
    );
    expect(faults).toEqual([]);
  });
  it('at the top keeps them too, and is one of those that may be there', () => {
    const ignored = readFileSync('.gitignore', 'utf8')
      .split('\n')
      .map((line) => line.replaceAll(/^\/|\/$/g, ''));
    const fixed = [
      'README.md',
      'cdk.json',
      'infra',
      'lambdas',
      'local',
      'package.json',
      'test',
      'tsconfig.json',
    ];
    const beside = [
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'SECURITY.md',
      'docs',
      'examples',
      'package-lock.json',
      'flake.nix',
      '.ci',
      '.git',
      '.gitignore',
      'eslint.config.js',
      'vitest.config.ts',
    ];
    const formatting = ['.prettierignore', '.prettierrc.json'];
    const top = readdirSync('.').filter((name) => !ignored.includes(name));
    expect(top).toEqual(expect.arrayContaining(fixed));
    expect(top.filter((name) => ![...fixed, ...beside, ...formatting].includes(name))).toEqual([]);
    for (const name of top.filter((file) => /\.(md|json|js|ts)$/.test(file) && file !== 'package-lock.json'))
      expect(faultsOf(name, readFileSync(name, 'utf8'))).toEqual([]);
  });
  it('that a script of package.json names is there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = Object.values(scripts).flatMap(
      (script) => script.match(/\b(local|infra|lambdas|test)\/[\w/.-]+/g) ?? [],
    );
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe('this test notices', () => {
  const CHANCE = 'uses environment, clock or chance';
  const long = (lines: number): string => 'x\n'.repeat(lines);
  it.each<[string, string, string]>([
    ['lambdas/core/plan/x.ts', 'imports node:fs', "import { z } from 'zod';\nimport fs from 'node:fs';"],
    ['lambdas/core/plan/x.ts', 'imports lambdas/ports.ts', "import type { Lease } from '../../ports.ts';"],
    ['lambdas/core/model/x.ts', 'imports lambdas/core/plan/x.ts', "import '../plan/x.ts';"],
    ['lambdas/core/life/x.ts', 'imports lambdas/core/capacity/x.ts', "import '../capacity/x.ts';"],
    ['lambdas/core/explain/x.ts', 'imports lambdas/core/doctor/x.ts', "import '../doctor/x.ts';"],
    ['lambdas/core/x.ts', 'imports lambdas/aws/errors.ts', "export * from '../aws/errors.ts';"],
    ['lambdas/aws/x.ts', 'imports lambdas/reconcile/act.ts', "import { act } from '../reconcile/act.ts';"],
    ['lambdas/aws/ec2/x.ts', 'imports lambdas/hydra/cpp/x.ts', "import { x } from '../../hydra/cpp/x.ts';"],
    ['lambdas/reconcile/x.ts', 'imports lambdas/aws/errors.ts', "import { x } from '../aws/errors.ts';"],
    [
      'lambdas/reconcile/x.ts',
      'imports @aws-sdk/client-ec2',
      "const x = await import('@aws-sdk/client-ec2');",
    ],
    [
      'lambdas/reconcile/handler.ts',
      'imports local/world.ts',
      "import { World } from '../../local/world.ts';",
    ],
    ['infra/x.ts', 'imports local/world.ts', "import { World } from '../local/world.ts';"],
    ['local/programs/x.ts', 'imports test/bench.ts', "import { bench } from '../../test/bench.ts';"],
    ['local/world/x.ts', 'imports local/prove/x.ts', "import { x } from '../prove/x.ts';"],
    ['local/prove/x.ts', 'imports local/programs/x.ts', "import { x } from '../programs/x.ts';"],
    ['lambdas/core/x.ts', CHANCE, 'export const now = () => Date.now();'],
    ['local/world/x.ts', CHANCE, 'export const now = new Date( );'],
    ['infra/x.ts', CHANCE, "export const key = process.env['KEY'];"],
    ['lambdas/core/plan/x.ts', 'speaks of what only one kind of Hydra has', '// The machines file is kept.'],
    ['lambdas/core/x.ts', 'uses any', 'export const f = (x: any) => x;'],
    ['local/x.ts', 'uses any', 'export const y = (1 as any);'],
    ['lambdas/core/x.ts', `has ${SOURCE_LINES_MAX + 1} lines`, long(SOURCE_LINES_MAX + 1)],
    ['test/x.test.ts', `has ${TEST_LINES_MAX + 1} lines`, long(TEST_LINES_MAX + 1)],
    ['test/x.test.ts', 'mocks a module or function', `${'v' + 'i'}.mock('./y.ts');`],
    ['test/x.test.ts', 'leaves tests out', `it${'.'}only('x', () => undefined);`],
    ['local/x.sh', 'has a leftover marker', `# ${'TO' + 'DO'}: later`],
    ['README.md', 'names a place on somebody’s machine', `see /${'wo' + 'rk'}/main`],
  ])('that %s %s', (path, fault, text) => {
    expect(faultsOf(path, text)).toEqual([fault]);
  });
  it.each<[string, string, string]>([
    [
      'lambdas/reconcile/handler.ts',
      'is a composition root',
      "import '../aws/errors.ts';\nconst now = Date.now();",
    ],
    ['local/programs/start.ts', 'is another', "export const key = process.env['KEY'];"],
    [
      'lambdas/core/x.ts',
      'only speaks of clocks',
      '// Date.now() and any word\nexport const x = new Date(5);',
    ],
    ['lambdas/core/x.ts', 'only quotes', "export const words = 'process.env is not used';"],
    ['test/x.test.ts', 'is just short enough', long(TEST_LINES_MAX)],
  ])('nothing wrong with %s, which %s', (path, _what, text) => {
    expect(faultsOf(path, text)).toEqual([]);
  });
});
