/** Entries of the journal that older versions wrote have lines of text where problems are data now. */
import { expect, it } from 'vitest';
import { observationSchema, queueStatusSchema } from '../../../lambdas/core/model/index.ts';
import { journalRoundSchema } from '../../../lambdas/core/model/journal.ts';
import { anObservation, untrusted } from '../given.ts';

const LINE = 'the queue runner is not running. Remedy: systemctl start hydra-queue-runner';

it('an untrusted status with a reason in one line is still read', () => {
  expect(queueStatusSchema.parse({ trusted: false, cause: 'down', reason: LINE })).toEqual({
    trusted: false,
    cause: 'down',
    says: LINE,
  });
});

it('so is an observation with problems in lines', () => {
  const read = observationSchema.parse({ ...anObservation(), unofferable: LINE, problems: [LINE] });
  expect([read.unofferable, read.problems]).toEqual([{ says: LINE }, [{ says: LINE }]]);
});

it('so is a round with problems in lines', () => {
  const round = { at: 0, decisions: [], actions: [], violations: [], problems: [LINE] };
  expect(journalRoundSchema.parse(round).problems).toEqual([{ says: LINE }]);
});

it('what is written now is read as it was', () => {
  const queue = untrusted({ cause: 'down', remedy: 'systemctl start hydra-queue-runner' });
  const observation = anObservation({ queue, problems: [{ says: 'no answer' }] });
  expect(observationSchema.parse(observation)).toEqual(observation);
});
