import { build } from 'esbuild';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUNDLE_BUDGET_BYTES, bundle, withLiteralKeys } from '../../infra/bundle.ts';
import { EXAMPLE } from './synth.ts';

const ROOT = join(import.meta.dirname, '../..');
const ENTRY = join(ROOT, 'lambdas/reconcile/handler.ts');

const directory = mkdtempSync(join(tmpdir(), 'hydra-autoscaler-bundle-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('the function’s bundle', () => {
  beforeAll(() => bundle({ entry: ENTRY, directory, configFile: EXAMPLE }));

  it('stays below one megabyte', () => {
    expect(statSync(join(directory, 'index.mjs')).size).toBeLessThan(BUNDLE_BUDGET_BYTES);
  });

  it('carries the configuration as it was written', () => {
    expect(readFileSync(join(directory, 'autoscaler.json'), 'utf8')).toBe(readFileSync(EXAMPLE, 'utf8'));
  });

  it('loads on its own and exports the handler Lambda calls', async () => {
    const module: unknown = await import(join(directory, 'index.mjs'));
    expect(module).toHaveProperty('handler', expect.any(Function));
  });
});

/** All schemas a client's schema file exports, as text; references to others, which are functions, by their code. */
async function schemasOf(source: string, folder: string, name: string): Promise<string> {
  const outfile = join(directory, `${name}.mjs`);
  await build({
    stdin: { contents: source, resolveDir: folder },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  const module = (await import(outfile)) as Record<string, unknown>;
  return JSON.stringify(module, (_key, value: unknown) =>
    typeof value === 'function' ? value.toString() : value,
  );
}

describe('keys that are constants', () => {
  const source = [
    'const _eN = "ec2Name";',
    'const _x = other();',
    'var A = [1, { [_eN]: _eN,',
    '    [_eN]: 1, [_x]: 2 }];',
  ].join('\n');

  it.each(['ec2', 'ssm', 'dynamodb'])('mean the same in every schema of client-%s', async (client) => {
    const folder = join(ROOT, `node_modules/@aws-sdk/client-${client}/dist-es/schemas`);
    const original = readFileSync(join(folder, 'schemas_0.js'), 'utf8');
    const rewritten = withLiteralKeys(original);
    expect(rewritten).not.toBe(original);
    expect(await schemasOf(rewritten, folder, `${client}-rewritten`)).toBe(
      await schemasOf(original, folder, `${client}-original`),
    );
  });

  it('are written out, and nothing else is touched', () => {
    expect(withLiteralKeys(source)).toBe(
      [
        'const _eN = "ec2Name";',
        'const _x = other();',
        'var A = [1, { "ec2Name": _eN,',
        '    "ec2Name": 1, [_x]: 2 }];',
      ].join('\n'),
    );
  });
});
