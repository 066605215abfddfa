import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, withLiteralKeys } from '../../infra/bundle.ts';
import { EXAMPLE } from './synth.ts';

/** What the function may weigh: every tick after a pause pays for loading it. */
const MAX_BUNDLE_BYTES = 1_000_000;
const ENTRY = join(import.meta.dirname, '../../lambdas/reconcile/handler.ts');

const directory = mkdtempSync(join(tmpdir(), 'hydra-autoscaler-bundle-'));
beforeAll(() => bundle({ entry: ENTRY, directory, configFile: EXAMPLE }));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('the function’s bundle', () => {
  it('stays below one megabyte', () => {
    expect(statSync(join(directory, 'index.mjs')).size).toBeLessThan(MAX_BUNDLE_BYTES);
  });

  it('carries the configuration as it was written', () => {
    expect(readFileSync(join(directory, 'autoscaler.json'), 'utf8')).toBe(readFileSync(EXAMPLE, 'utf8'));
  });

  it('loads on its own and exports the handler Lambda calls', async () => {
    const module: unknown = await import(join(directory, 'index.mjs'));
    expect(module).toHaveProperty('handler', expect.any(Function));
  });
});

describe('keys that are constants', () => {
  const source = [
    'const _eN = "ec2Name";',
    'const _x = other();',
    'var A = [1, { [_eN]: _eN,',
    '    [_eN]: 1, [_x]: 2 }];',
  ].join('\n');

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
