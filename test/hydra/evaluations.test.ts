import { describe, expect, it } from 'vitest';
import { noticeIn } from '../../lambdas/hydra/evaluations.ts';

describe('what a look tells of evaluations', () => {
  it('is taken apart', () => {
    const lines = [
      'evaluation p:j 1000 -',
      'evaluation p:over - 990',
      'harvest p:j 880 120 x86_64-linux 3 x86_64-linux:big-parallel,kvm 1',
      'harvest p:j 500 60',
      '',
    ];
    expect(noticeIn(lines.join('\n'), 1100)).toEqual({
      at: 1100,
      evaluations: [
        {
          jobset: 'p:j',
          since: 1000,
          harvests: [
            {
              at: 880,
              seconds: 120,
              kinds: [
                { system: 'x86_64-linux', features: [], builds: 3 },
                { system: 'x86_64-linux', features: ['big-parallel', 'kvm'], builds: 1 },
              ],
            },
            { at: 500, seconds: 60, kinds: [] },
          ],
        },
        { jobset: 'p:over', endedAt: 990, harvests: [] },
      ],
    });
  });

  it.each([
    '',
    'evaluation p:j\n',
    'evaluation p j 1 2\n',
    'harvest p:j 1 2 x 3\n',
    'evaluation $(id) 1 2\n',
  ])('is nothing where it cannot be read: %j', (lines) => {
    expect(noticeIn(lines, 1100)).toBeUndefined();
  });

  it('leaves out a harvest that cannot be read', () => {
    const lines = 'evaluation p:j 1 2\nharvest p:j 1 2 x\nharvest p:j 1 x y 2\nharvest q:j 1 2\n';
    expect(noticeIn(lines, 5)?.evaluations[0]?.harvests).toEqual([]);
  });
});
