/** What the documents say that code can be held against. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RUNBOOK } from '../../infra/runbook.ts';
import { checkConfig } from '../../lambdas/config-file/config-file.ts';
import { PHASES, TRANSITIONS } from '../../lambdas/core/life/phases.ts';
import { DOCUMENTS, section, textOf } from './documents.ts';

const DOCTORS = ['core/doctor/', 'hydra/cpp/doctor/'].map(
  (folder) => new URL(`../../lambdas/${folder}`, import.meta.url),
);
const TROUBLE = textOf('docs/troubleshooting.md');

describe('configurations in documents', () => {
  const blocks = DOCUMENTS.flatMap((path) =>
    [...textOf(path).matchAll(/^```json\n(.*?)^```/gms)].map(([, text = '']) => [path, text] as const),
  );

  it('are there', () => {
    expect(blocks.length).toBeGreaterThan(3);
  });
  it.each(blocks)('of %s can be used as they stand: %s', (path, text) => {
    const written = JSON.parse(text) as object;
    const whole = { systemTypes: { 'x86_64-linux': {} }, ...written };
    expect(() => checkConfig(path, whole)).not.toThrow();
  });
});

describe('the list of what the doctor finds', () => {
  const source = DOCTORS.flatMap((folder) =>
    readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8')),
  ).join('\n');
  const inCode = [...source.matchAll(/\babout\(\s*(['`])(.+?)\1/g)].map(([, , name = '']) =>
    name.replaceAll(/\$\{.+?\}/g, '…'),
  );
  const inList = section(TROUBLE, 'When the doctor finds something')
    .split('\n')
    .flatMap((line) => /^- ((?:`[^`]+`(?:, )?)+): /.exec(line)?.[1]?.match(/[^`]{3,}/g) ?? []);
  const fits = (pattern: string, name: string): boolean =>
    new RegExp(`^${pattern.split('…').map(RegExp.escape).join('.+')}$`).test(name);

  it('names every check there is', () => {
    expect(inCode.length).toBeGreaterThan(15);
    expect(inCode.filter((pattern) => !inList.some((name) => fits(pattern, name)))).toEqual([]);
  });
  it('names no check that is gone', () => {
    expect(inList.filter((name) => !inCode.some((pattern) => fits(pattern, name)))).toEqual([]);
  });
});

describe('the runbook', () => {
  const words = (text = ''): string => text.replaceAll(/\s+/g, ' ').trim();

  it('says of every alarm what the alarm says itself, and of no other', () => {
    const alarms = section(TROUBLE, 'When an alarm rings')
      .split(/^### /m)
      .slice(1)
      .map((text) => {
        const [, name = '', meaning, remedy] =
          /^(\w+)\n+\*\*Means:\*\* (.*?)\n\n\*\*Do:\*\* (.*)$/s.exec(text) ?? [];
        return [name, { meaning: words(meaning), remedy: words(remedy) }];
      });
    expect(Object.fromEntries(alarms)).toEqual(RUNBOOK);
  });
});

describe('the life of a machine', () => {
  const DECIDED_BY = { plan: 'the plan', EC2: 'EC2', answer: 'an answer' } as const;
  const rowOf = ({ from, to, by, on }: (typeof TRANSITIONS)[keyof typeof TRANSITIONS]): readonly string[] => {
    const others = PHASES.length - from.length;
    const words =
      others === 0 ? 'any' : others === 1 ? 'any other' : from.map((phase) => `\`${phase}\``).join(', ');
    return [words, `\`${to}\``, DECIDED_BY[by], on];
  };

  it('has the transitions there are, and no other', () => {
    const written = section(textOf('docs/how-it-works.md'), 'The life of a machine')
      .split('\n')
      .filter((line) => /^\| (`|any)/.test(line))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    expect(written).toEqual(Object.values(TRANSITIONS).map(rowOf));
  });
});
