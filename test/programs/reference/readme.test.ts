/** What README says that code can be held against. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../lambdas/config-file/config-file.ts';

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const DOCTOR = new URL('../../../lambdas/core/doctor/', import.meta.url);

const section = (heading: string): string =>
  README.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';

describe('configurations in README', () => {
  const blocks = [...README.matchAll(/^```json\n(.*?)^```/gms)].map(([, text = '']) => text);

  it('are there', () => {
    expect(blocks.length).toBeGreaterThan(2);
  });
  it.each(blocks)('can be used as they stand: %s', (text) => {
    const written = JSON.parse(text) as object;
    const whole = { systemTypes: { 'x86_64-linux': {} }, ...written };
    expect(() => checkConfig('README', whole)).not.toThrow();
  });
});

describe('the table of what the doctor finds', () => {
  const source = readdirSync(DOCTOR)
    .map((file) => readFileSync(new URL(file, DOCTOR), 'utf8'))
    .join('\n');
  // The first word of a finding: a literal, or a constant named `check`.
  const inCode = [
    ...source.matchAll(/(?:\bcheck = |\bcheckOf = .*?=> |\b(?:good|doubtful|bad)\(\s*)(['`])(.+?)\1/g),
  ].map(([, , name = '']) => name.replaceAll(/\$\{.+?\}/g, '…'));
  const inTable = section('When the doctor finds something')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`(.+?)`/g)].map(([, name = '']) => name));
  const fits = (pattern: string, name: string): boolean =>
    new RegExp(`^${pattern.split('…').map(RegExp.escape).join('.+')}$`).test(name);

  it('names every check there is', () => {
    expect(inCode.length).toBeGreaterThan(15);
    expect(inCode.filter((pattern) => !inTable.some((name) => fits(pattern, name)))).toEqual([]);
  });
  it('names no check that is gone', () => {
    expect(inTable.filter((name) => !inCode.some((pattern) => fits(pattern, name)))).toEqual([]);
  });
});
