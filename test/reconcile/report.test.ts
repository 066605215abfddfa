import { expect, it } from 'vitest';
import { entryOf } from '../../lambdas/core/account/journal.ts';
import { Report } from '../../lambdas/reconcile/report.ts';
import { aConfig, anObservation, planFor } from '../core/given.ts';

const ENCODED = 'A-_9'.repeat(1000);

/** A report whose first round has begun, and what of problems reaches the log. */
function aReport() {
  const logged: Readonly<Record<string, unknown>>[] = [];
  const report = new Report({
    decision: () => undefined,
    metrics: () => undefined,
    problem: (_what, details) => logged.push(details),
  });
  const observation = anObservation();
  report.begin({ observation, plan: planFor(observation), violations: [], isCarriedOut: true });
  return { report, logged };
}

it.each([
  [1, 'nothing had to be done; 1 problem'],
  [2, 'nothing had to be done; 2 problems'],
])('counts %i of a thing as people do', (number, words) => {
  const { report } = aReport();
  for (let n = 0; n < number; n++) report.problem(`launch ${n} was refused`, { says: 'no' });
  expect(report.answer(aConfig(), 'done').message).toBe(words);
});

it('keeps an encoded denial whole in the log and the journal, and the answer short', () => {
  const { report, logged } = aReport();
  for (let n = 0; n < 20; n++)
    report.problem(`launch ${n} was refused`, {
      code: 'UnauthorizedOperation',
      says: 'no',
      remedy: 'deploy',
      encoded: ENCODED,
    });
  expect(logged.every(({ encoded }) => encoded === ENCODED)).toBe(true);
  const { problems } = report.answer(aConfig(), 'done');
  expect(problems).toHaveLength(20);
  expect(problems[0]).toBe(
    'launch 0 was refused: no. Remedy: deploy; the encoded message is in the log and in the journal',
  );
  const entry = entryOf(report.account, { id: 'tick', at: 0, endedAt: 1, result: 'done', message: '' });
  const kept = entry.rounds[0]?.problems ?? [];
  expect(kept[0]).toEqual({
    says: 'launch 0 was refused: no',
    remedy: 'deploy',
    encoded: ENCODED,
  });
  expect(kept.filter(({ encoded }) => encoded === ENCODED)).toHaveLength(8);
  expect(kept.at(-1)).toEqual({
    says: 'launch 19 was refused: no',
    remedy: 'deploy',
    encoded: 'it is in the log',
  });
});
