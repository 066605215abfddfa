/** What the watch on the Hydra host is told, and what it says. */
import { describe, expect, it } from 'vitest';
import type { Watched } from '../../lambdas/core/plan/watched.ts';
import { foundInWords, limitsOf, watchedLines } from '../../lambdas/hydra/watch.ts';
import { lacking, steps } from '../core/given.ts';

const watched = (changed: Partial<Watched> = {}): Watched => ({
  runner: 'cpp',
  since: 1_800_000_000,
  kinds: [
    { step: steps('x86_64-linux', 3), most: 5 },
    { step: steps('x86_64-linux:big-parallel,kvm', 2), most: Infinity },
  ],
  unsupported: 1,
  failing: ['10.0.0.1', '10.0.0.2'],
  quiet: ['10.0.0.2'],
  ...changed,
});

describe('the lines for the document', () => {
  it('say what is news, the most important first', () => {
    expect(watchedLines(watched(), 1000).split('\n')).toEqual([
      'unsupported 1',
      'kind x86_64-linux 5',
      'kind x86_64-linux:big-parallel,kvm -',
      'quiet 10.0.0.2',
      'failed 10.0.0.1',
      'failed 10.0.0.2',
      '',
    ]);
    expect(watchedLines(lacking(watched(), 'unsupported'), 1000)).toContain('unsupported -\n');
  });

  it('say what to know of evaluations', () => {
    const evaluations = { dueAt: 1_800_000_060, unlikely: ['p:j', 'odd name'] };
    expect(watchedLines(watched({ evaluations }), 1000)).toContain(
      'evaluations yes\ndue 1800000060\nunlikely p:j\nquiet',
    );
    expect(foundInWords('hydra-autoscaler 1 watch\nevaluating p:j\n')).toBe('p:j is being evaluated');
    expect(foundInWords('hydra-autoscaler 1 watch\ndue 1800000060\n')).toContain('are due');
  });

  it('are as many as fit, and whole', () => {
    const all = watchedLines(watched(), 1000);
    for (const characters of [0, 13, 14, 60, all.length - 1]) {
      const some = watchedLines(watched(), characters);
      expect(some.length).toBeLessThanOrEqual(characters);
      expect(all.startsWith(some)).toBe(true);
      expect(some === '' || some.endsWith('\n')).toBe(true);
    }
  });

  it('have no name that could be more than a word', () => {
    const names = ['a b', '$(id)', "a'b", 'a\nkind x 0', '', '*', 'ok-1'];
    const lines = watchedLines(
      watched({
        kinds: names.map((key) => ({ step: { ...steps('x', 0), key }, most: 0 })),
        failing: names,
        quiet: names,
      }),
      1000,
    );
    expect(lines).toBe('unsupported 1\nkind ok-1 0\nquiet ok-1\nfailed ok-1\n');
  });

  it('count by systems for the Rust queue runner: of a system’s kinds the one that lacks least decides', () => {
    const kinds = [
      { step: steps('x86_64-linux', 3), most: 9 },
      { step: steps('x86_64-linux:kvm', 4), most: 6 },
      { step: steps('x86_64-linux:benchmark', 1), most: Infinity },
      { step: steps('aarch64-linux', 1), most: Infinity },
    ];
    expect([...limitsOf(watched({ runner: 'rust', kinds }))]).toEqual([
      ['x86_64-linux', 10],
      ['aarch64-linux', Infinity],
    ]);
  });
});

describe('what a watch has found', () => {
  it.each([
    ['more x86_64-linux:kvm 12', '12 steps of x86_64-linux:kvm could start'],
    ['more x86_64-linux 1', '1 step of x86_64-linux could start'],
    ['unsupported 2', '2 steps that no machine supports'],
    ['failed i-00000001', 'i-00000001 has failed a step'],
    ['quiet 10.0.0.1', '10.0.0.1 has no jobs any more'],
  ])('is said in words: %s', (line, words) => {
    expect(foundInWords(`hydra-autoscaler 1 watch\n${line}\n`)).toBe(words);
  });

  it('is quoted where it is nothing of the kind', () => {
    for (const text of [
      '',
      'hello',
      'hydra-autoscaler 2 watch\nmore x 1\n',
      'hydra-autoscaler 1 watch\nmore',
    ])
      expect(foundInWords(text)).toMatch(/^something that this version does not know/);
    expect(foundInWords('x'.repeat(10_000)).length).toBeLessThan(200);
    expect(foundInWords(`hydra-autoscaler 1 watch\nmore ${'x'.repeat(9000)} 1\n`).length).toBeLessThan(200);
  });
});
