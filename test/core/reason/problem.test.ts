import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inContext, problemInWords, withoutRepeats } from '../../../lambdas/core/reason/problem.ts';

it.each([
  [{ says: 'it is down', remedy: 'start it' }, 'it is down. Remedy: start it'],
  [{ says: 'There is no room.', remedy: 'wait' }, 'There is no room. Remedy: wait'],
  [{ says: 'There is no room.' }, 'There is no room.'],
])('%j is one line', (problem, line) => {
  expect(problemInWords(problem)).toBe(line);
});

it('said of something else, a problem keeps its remedy, and nothing but that', () => {
  const more = { says: 'it is down', remedy: 'start it', cause: 'down' };
  expect(inContext('nothing is launched', more)).toEqual({
    says: 'nothing is launched: it is down',
    remedy: 'start it',
  });
  expect(inContext('nothing is launched', { says: 'it is down' })).toEqual({
    says: 'nothing is launched: it is down',
  });
});

it('is put in one line nowhere else', () => {
  const files = globSync('{lambdas,infra,local}/**/*.ts');
  expect(files.length).toBeGreaterThan(300);
  expect(files.filter((file) => readFileSync(file, 'utf8').includes('Remedy:'))).toEqual([
    'lambdas/core/reason/problem.ts',
  ]);
});

it('each is told once', () => {
  const [down, other] = [{ says: 'it is down', remedy: 'start it' }, { says: 'it is down' }];
  expect(withoutRepeats([down, other, { ...down }])).toEqual([down, other]);
});
