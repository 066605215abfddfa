import { expect, test } from 'vitest';
import { plainHead, plainTick, plainViolation } from '../../local/show/plain-log.ts';
import { history, launchTick, live, NOON } from './afternoon.ts';

const tick = { at: 3600, endedAt: 3810, woken: 'schedule', answer: launchTick };

test('a tick is one line under the heads of its columns', () => {
  expect(`${plainHead()}\n${plainTick(tick, live.sample, NOON)}`).toBe(
    [
      'UTC    woken by  waiting running    done  machines                        what it did',
      '13:00  schedule      134      46      65  10 ready, 2 booting             launched 2',
    ].join('\n'),
  );
});

test('every tick of an afternoon is aligned', () => {
  const [sample] = history.samples;
  const starts = history.ticks.map((line) =>
    plainTick(line, sample ?? live.sample, NOON).indexOf(line.answer.message),
  );
  expect(new Set(starts)).toEqual(new Set([plainHead().indexOf('what it did')]));
});

test('problems follow what was done, on the same line', () => {
  const answer = { ...launchTick, problems: ['launch 2 was refused:\nno capacity'] };
  expect(plainTick({ ...tick, answer }, live.sample, NOON)).toMatch(
    /launched 2; launch 2 was refused: no capacity$/,
  );
});

test('answers that are no tick have their line too', () => {
  const answer = { result: 'ignored', message: 'i-01 is not one of our machines' } as const;
  expect(plainTick({ ...tick, woken: 'ec2', answer }, live.sample, NOON)).toMatch(/ec2 .* i-01 is not one/);
});

test('a broken rule stands out', () => {
  expect(plainViolation({ rule: 3, at: 60, what: '9 machines\nof at most 8' }, NOON)).toBe(
    '12:01  RULE 3 BROKEN: 9 machines of at most 8',
  );
});
