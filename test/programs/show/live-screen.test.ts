import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { screen } from '../../../local/programs/show/live-screen.ts';
import type { LiveState } from '../../../local/programs/show/live-state.ts';
import { painter } from '../../../local/programs/show/paint.ts';
import { live, machine } from './afternoon.ts';

const plain = (state: LiveState, columns = 80, rows = 24): readonly string[] =>
  screen('hydra-autoscaler', state, { columns, rows }, painter(false));
const lineOf = (lines: readonly string[], start: string): string =>
  lines.find((line) => line.trimStart().startsWith(start)) ?? `no line starts with ${start}`;

describe('the live screen', () => {
  test('shows everything at 80 by 24', () => {
    const lines = plain(live);
    expect(lines).toHaveLength(24);
    expect(lines[0]).toMatch(/^hydra-autoscaler +150× real time$/);
    expect(lines[1]).toMatch(/^13:05 UTC {2}━+─+ {2}1 h 05 min of 5 h$/);
    expect(lineOf(lines, 'QUEUE')).toMatch(
      /^QUEUE {2}134 waiting, the oldest 10 min; 46 running on 40 slots +past 1 h 05 min$/,
    );
    expect(lineOf(lines, 'x86_64-linux')).toMatch(/^ {2}x86_64-linux {5}60 {2}[▁-█]+$/);
    expect(lineOf(lines, 'MACHINES')).toBe('MACHINES  10 ready · 2 booting');
    expect(lineOf(lines, 'i-0')).toBe(
      '  i-0000000… x86_64-linux booting  ▯▯▯▯    43 min  waits for its SSH host key',
    );
    expect(lines).toContain(
      '  13:00  x86_64-linux: launch 6 (90 runnable at 4 per machine want 23; capped at',
    );
    expect(lines).toContain('         maxMachines 8)');
    expect(lines.at(-1)).toBe('BUILDS 24 done, 0 lost   MACHINE HOURS 14.0 billed, 6.3 idle   RULES kept');
  });

  test('uses more room where there is more', () => {
    const lines = plain(live, 140, 45);
    expect(lines.filter((line) => line.includes('i-00000000000000'))).toHaveLength(12);
    expect(lineOf(lines, '13:00')).toContain('capped at maxMachines 8)');
  });

  test('tells the latest decision first', () => {
    const times = plain(live).flatMap((line) => /^ {2}(\d\d:\d\d) /.exec(line)?.[1] ?? []);
    expect(times).toEqual(['13:00', '12:10']);
  });

  test('keeps room for the last decisions beside many machines', () => {
    const machines = Array.from({ length: 40 }, (_, index) => machine(index));
    const decisions = Array.from({ length: 9 }, (_, index) => ({
      at: index * 60,
      text: `decision ${index}`,
    }));
    const told = plain({ ...live, machines, decisions }).filter((line) => line.includes('decision '));
    expect(told.map((line) => line.slice(-1))).toEqual(['8', '7', '6', '5']);
  });

  test('shows machines in change first and counts those it has no room for', () => {
    const machines = [
      ...Array.from({ length: 18 }, (_, index) => machine(index)),
      machine(50, { phase: 'stopped' }),
      machine(51, { phase: 'draining', busySlots: 1 }),
      machine(52, { phase: 'failed', reason: 'never reached' }),
    ];
    const lines = plain({ ...live, machines });
    const table = lines.slice(lines.findIndex((line) => line.startsWith('  machine')) + 1);
    expect(table[0]).toContain('failed');
    expect(table[1]).toMatch(/draining ▮▯▯▯/);
    const shown = table.filter((line) => /^ {2}i-/.test(line)).length;
    expect(lineOf(lines, '…')).toBe(`  … and ${20 - shown} more ready, 1 stopped`);
  });

  test('counts slots in numbers where there are many', () => {
    const lines = plain({ ...live, machines: [machine(1, { slots: 64, busySlots: 17 })] });
    expect(lineOf(lines, 'i-0')).toContain(' 17/64 ');
  });

  test('leaves paid time out under per-second billing', () => {
    const { paidSecondsLeft, ...unpaid } = machine(1);
    expect(paidSecondsLeft).toBeGreaterThan(0);
    expect(lineOf(plain({ ...live, machines: [unpaid] }), 'i-0')).toMatch(/▮▮▯▯ {12}the Hydra host/);
  });

  test('shows a broken rule in red, and what it was', () => {
    const violations = [{ rule: 2, at: 3700, what: 'i-01 was ended with 3 steps at work on it' }];
    const lines = plain({ ...live, violations });
    expect(lines.at(-2)).toMatch(/RULES 1 broken$/);
    expect(lines.at(-1)).toBe('  rule 2 at 13:01: i-01 was ended with 3 steps at work on it');
    const coloured = screen('', { ...live, violations }, { columns: 80, rows: 24 }, painter(true));
    expect(coloured.at(-2)).toContain('\u001b[31m 1 broken\u001b[39m');
  });

  test('tells the day in a run of several', () => {
    const lines = plain({ ...live, hoursTotal: 36, at: 20 * 3600 });
    expect(lines[1]).toMatch(/^Tue 3 Mar 08:00 UTC /);
    expect(lineOf(lines, 'Mon')).toMatch(/^ {2}Mon 2 Mar 13:00 {2}x86_64-linux: launch 6/);
  });

  test('cuts no reason off, however long', () => {
    const why = 'the machines file could not be published: it was written and is not what was sent';
    const lines = plain({ ...live, machines: [], decisions: [{ at: 60, text: why }] });
    const from = lines.findIndex((line) => line.startsWith('  12:01  '));
    expect(lines.slice(from, from + 2).map((line) => line.slice(9))).toEqual([
      'the machines file could not be published: it was written and is not',
      'what was sent',
    ]);
    const broken = plain({ ...live, violations: [{ rule: 8, at: 60, what: why }] });
    expect(
      broken
        .slice(-2)
        .map((line) => line.trim())
        .join(' '),
    ).toBe(`rule 8 at 12:01: ${why}`);
  });

  test('starts without machines, decisions or a queue', () => {
    const sample = { ...live.sample, waiting: {}, machines: {}, running: 0 };
    const empty = { ...live, at: 0, sample, recent: [], machines: [], decisions: [] };
    const text = plain(empty).join('\n');
    expect(text).toContain('QUEUE  0 waiting; 0 running on 0 slots');
    expect(text).toContain('nothing has been waiting');
    expect(text).toContain('no machine');
    expect(text).toContain('nothing yet');
  });

  test('makes one line of what was told in several, and loses nothing after it', () => {
    const sample = { ...live.sample, machines: { 'new\nphase': 2, ready: 3 } };
    expect(lineOf(plain({ ...live, sample }), 'MACHINES')).toBe('MACHINES  3 ready · 2 new phase');
    const odd = { ...live.sample, machines: { 'odd\u0007': 1, 'other\nphase': 2 } };
    expect(lineOf(plain({ ...live, sample: odd }), 'MACHINES')).toBe('MACHINES  1 odd  · 2 other phase');
  });

  test('sums up the kinds it has no room for, keeping those that wait most', () => {
    const waiting = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`kind-${index}`, index]));
    const lines = plain({ ...live, sample: { ...live.sample, waiting }, recent: [] });
    expect(lineOf(lines, 'kind-')).toMatch(/^ {2}kind-8 +8/);
    expect(lines).toContain('  … and 4 more kinds, 6 waiting');
  });

  test('colours phases, and uses no escape sequence without colour', () => {
    const coloured = screen('', live, { columns: 80, rows: 24 }, painter(true));
    expect(coloured.join('\n')).toContain('\u001b[33mbooting \u001b[39m');
    expect(coloured.map(stripVTControlCharacters)).toEqual(
      screen('', live, { columns: 80, rows: 24 }, painter(false)),
    );
    expect(plain(live).join('')).not.toContain('\u001b');
  });
});

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 50 }), fc.constant('日本語\n'.repeat(20)));
const anyState = fc.record({
  machines: fc.array(
    fc.record({
      machine: text,
      type: text,
      phase: fc.constantFrom('ready', 'booting', 'draining', 'failed', 'unheard of'),
      busySlots: fc.nat(70),
      slots: fc.nat(70),
      paidSecondsLeft: fc.nat(4000),
      reason: text,
    }),
    { maxLength: 30 },
  ),
  decisions: fc.array(fc.record({ at: fc.nat(18_000), text }), { maxLength: 40 }),
  violations: fc.array(fc.record({ rule: fc.nat(8), at: fc.nat(18_000), what: text }), { maxLength: 3 }),
  waiting: fc.dictionary(text, fc.nat(100_000), { maxKeys: 8 }),
});

test('whatever happens and however large the terminal, no line is too long and none too many', () => {
  fc.assert(
    fc.property(
      anyState,
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 70 }),
      fc.boolean(),
      ({ waiting, ...more }, columns, rows, colour) => {
        const state = { ...live, ...more, sample: { ...live.sample, waiting } };
        const lines = screen('hydra-autoscaler 日本語', state, { columns, rows }, painter(colour));
        expect(lines).toHaveLength(rows);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      },
    ),
  );
});
