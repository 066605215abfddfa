import { expect, test } from 'vitest';
import { PlainLog } from '../../../local/programs/show/plain-log.ts';
import { timeTeller } from '../../../local/programs/show/words.ts';
import { history, launchTick, live, NOON } from './afternoon.ts';

const logOf = (hours: number): PlainLog => new PlainLog(NOON, timeTeller(NOON, NOON + hours * 3600));
const log = logOf(5);
const tick = { at: 3600, endedAt: 3810, woken: 'schedule', answer: launchTick };

test('a tick is one line under the heads of its columns', () => {
  expect(`${log.head()}\n${log.tick(tick, live.sample)}`).toBe(
    [
      'UTC    woken by  waiting running    done  machines                        what it did',
      '13:00  schedule      134      46      65  10 ready, 2 booting             launched 2',
    ].join('\n'),
  );
});

test('every tick of an afternoon is aligned', () => {
  const [sample] = history.samples;
  const starts = history.ticks.map((line) =>
    log.tick(line, sample ?? live.sample).indexOf(line.answer.message),
  );
  expect(new Set(starts)).toEqual(new Set([log.head().indexOf('what it did')]));
});

test('problems follow what was done, on the same line', () => {
  const answer = { ...launchTick, problems: ['launch 2 was refused:\nno capacity'] };
  expect(log.tick({ ...tick, answer }, live.sample)).toMatch(
    /launched 2; launch 2 was refused: no capacity$/,
  );
});

test('answers that are no tick have their line too', () => {
  const answer = { result: 'ignored', message: 'i-01 is not one of our machines' } as const;
  expect(log.tick({ ...tick, woken: 'ec2', answer }, live.sample)).toMatch(/ec2 .* i-01 is not one/);
});

test('a broken rule stands out', () => {
  expect(log.violation({ rule: 3, at: 60, what: '9 machines\nof at most 8' })).toBe(
    '12:01  RULE 3 BROKEN: 9 machines of at most 8',
  );
});

test('the days of a run that has several are told, and all is aligned', () => {
  const long = logOf(240);
  const lines = [
    long.head(),
    ...[0, 30, 200].map((hours) => long.tick({ ...tick, at: hours * 3600 }, live.sample)),
    long.violation({ rule: 3, at: 200 * 3600, what: '9 machines' }),
  ];
  expect(lines.map((line) => line.slice(0, 28).trimEnd())).toEqual([
    'UTC               woken by',
    'Mon 2 Mar 12:00   schedule',
    'Tue 3 Mar 18:00   schedule',
    'Tue 10 Mar 20:00  schedule',
    'Tue 10 Mar 20:00  RULE 3 BRO',
  ]);
});
