import { expect, it } from 'vitest';
import { RoundLog } from '../../lambdas/reconcile/round-log.ts';
import { anObservation, planFor } from '../core/given.ts';

const ENCODED = 'A-_9'.repeat(1000);

it.each([
  [1, 'nothing had to be done; 1 problem'],
  [2, 'nothing had to be done; 2 problems'],
])('counts %i of a thing as people do', (number, words) => {
  const log = new RoundLog({ decision: () => undefined, metrics: () => undefined, problem: () => undefined });
  const observation = anObservation();
  log.record.begin(observation, planFor(observation), []);
  for (let n = 0; n < number; n++) log.problem(`launch ${n} was refused`, { message: 'no' });
  expect(log.lastSummary('done').message).toBe(words);
});

it('keeps an encoded denial whole in the log and the journal, and the answer short', () => {
  const details: Readonly<Record<string, unknown>>[] = [];
  const log = new RoundLog({
    decision: () => undefined,
    metrics: () => undefined,
    problem: (_what, given) => details.push(given),
  });
  const observation = anObservation();
  log.record.begin(observation, planFor(observation), []);
  for (let n = 0; n < 20; n++)
    log.problem(`launch ${n} was refused`, {
      code: 'UnauthorizedOperation',
      message: 'no',
      encoded: ENCODED,
    });
  expect(details.every(({ encoded }) => encoded === ENCODED)).toBe(true);
  const { problems } = log.lastSummary('done');
  expect(problems).toHaveLength(20);
  expect(problems[0]).toBe('launch 0 was refused: no; the encoded message is in the log and in the journal');
  const entry = log.record.entry({ id: 'tick', at: 0, endedAt: 1, result: 'done', message: '' });
  const kept = entry.rounds[0]?.problems ?? [];
  expect(kept[0]).toBe(`launch 0 was refused: no; encoded message: ${ENCODED}`);
  expect(kept.filter((words) => words.includes(ENCODED))).toHaveLength(8);
  expect(kept.at(-1)).toBe('launch 19 was refused: no; the encoded message is in the log');
});
