import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { painter } from '../../../local/programs/show/paint.ts';
import { renderReading } from '../../../local/programs/show/queue-reading.ts';

const reading = {
  file: 'status.json',
  trusted: true,
  reason: 'up for 244 s',
  runnable: { 'aarch64-linux': 60, 'x86_64-linux': 196 },
  running: { 'x86_64-linux': 4 },
  machines: [
    { host: '10.0.0.1', listed: true, currentJobs: 4 },
    { host: '10.0.0.2', listed: false, currentJobs: 0, idleSince: 1_772_452_800 },
  ],
};

test('a status is a verdict, its steps and its machines', () => {
  expect(renderReading(reading, 80, painter(false)).split('\n')).toEqual([
    'status.json',
    '  trusted: up for 244 s',
    '  runnable  running  steps',
    '        60        0  aarch64-linux',
    '       196        4  x86_64-linux',
    '  machine   jobs  listed  state',
    '  10.0.0.1     4  yes',
    '  10.0.0.2     0  no      idle since 2026-03-02T12:00:00Z',
    '',
  ]);
});

test('one that is not trusted says why, and fits', () => {
  const text = renderReading(
    { ...reading, trusted: false, reason: 'stale: '.repeat(40), runnable: {}, machines: [] },
    60,
    painter(false),
  );
  expect(text).toMatch(/^status\.json\n {2}not trusted: stale:/);
  for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(60);
});
