import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { renderConclusion } from '../../../local/programs/show/conclusion.ts';
import { idleMachineHours, problemsOf } from '../../../local/programs/show/history.ts';
import type { History } from '../../../local/programs/show/history.ts';
import { history, launchTick, quietTick, summary } from './afternoon.ts';

const LONG = 'the machines file could not be published: it was written, read back, and is not what was sent';
const bad: History = {
  ...history,
  title: '5 simulated hours, seed 1, with faults: runner',
  violations: [{ rule: 8, at: 3600, what: 'the farm is not back to a steady state' }],
  summary: {
    ...summary,
    violations: 1,
    problems: [{ what: LONG, ticks: 32, firstAt: 60, lastAt: 3600 }],
    terms: ['Stopped after 1 h of 5 h.', 'Fault on purpose (runner): every hour the queue runner is killed.'],
  },
};

test('an ordinary run ends with its numbers', () => {
  expect(renderConclusion(history, 100, false)).toMatch(/^SUMMARY\n[^]* rules broken +0 [^\n]*\n$/);
});

test('what was not as usual stands above them, and what went wrong below, whole', () => {
  const text = renderConclusion(bad, 80, false);
  expect(text).toMatch(/^5 simulated hours, seed 1, with faults: runner\n {2}Stopped after 1 h of 5 h\.\n/);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(`PROBLEMS THE TICKS MET ticks last what 32 13:00 ${LONG}`);
  expect(text).toMatch(/RULES BROKEN\n.*\n +8 {2}13:00 {2}the farm is not back to a steady state\n$/);
  for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(80);
});

test('a problem is told once, with how many ticks met it', () => {
  const tick = (at: number, ...problems: readonly string[]) => ({
    at,
    endedAt: at,
    woken: 'schedule',
    answer: { ...quietTick, problems },
  });
  const ticks = [
    tick(0, 'rare'),
    tick(5, 'often', 'often'),
    tick(9, 'often'),
    { ...tick(10), answer: launchTick },
  ];
  expect(problemsOf(ticks)).toEqual([
    { what: 'often', ticks: 2, firstAt: 5, lastAt: 9 },
    { what: 'rare', ticks: 1, firstAt: 0, lastAt: 0 },
  ]);
});

test('idle is what was billed and not worked in, everywhere', () => {
  expect(idleMachineHours({ ...summary, billedMachineHours: 38, busyMachineHours: 18.5 })).toBe(19.5);
  expect(idleMachineHours({ ...summary, billedMachineHours: 0.1, busyMachineHours: 0.2 })).toBe(0);
});
