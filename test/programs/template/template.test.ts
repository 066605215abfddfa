/** The template for whoever has no CDK: it stands alone, with what lies beside it. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTemplate } from '../../../local/programs/template/write.ts';
import { ROOT } from '../../docs/documents.ts';

interface Template {
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: { readonly Code?: unknown } }>
  >;
}

let directory = '';
let text = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'template-'));
  text = readFileSync(writeTemplate(join(ROOT, 'examples/no-hydra-yet/autoscaler.json'), directory), 'utf8');
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('the published template', () => {
  const read = (): Template => JSON.parse(text) as Template;

  it('has the code of each function beside it', () => {
    const functions = Object.values(read().Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    expect(functions).toHaveLength(2);
    for (const { Properties } of functions)
      expect(existsSync(join(directory, String(Properties?.Code), 'index.mjs'))).toBe(true);
  });

  it('needs no account prepared for the CDK', () => {
    expect(text).not.toMatch(/cdk-bootstrap|cdk-hnb659fds|BootstrapVersion|"S3Bucket"/);
  });

  it('uses each of its parameters', () => {
    const names = Object.keys(read().Parameters);
    expect(names).toEqual(['Vpc', 'Subnet']);
    const compact = JSON.stringify(read());
    expect(names.filter((name) => !compact.includes(`{"Ref":"${name}"}`))).toEqual([]);
  });

  it('is small enough to be uploaded to a bucket and deployed from there', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
  });
});
