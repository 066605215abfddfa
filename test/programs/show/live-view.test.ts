import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { screen } from '../../../local/programs/show/live-screen.ts';
import type { LiveState } from '../../../local/programs/show/live-state.ts';
import { LiveView } from '../../../local/programs/show/live-view.ts';
import { live } from './afternoon.ts';

const ESC = '\u001b[';

function viewOn(size: { columns: number; rows: number }): { view: LiveView<LiveState>; writes: string[] } {
  const writes: string[] = [];
  const view = new LiveView({
    write: (text) => writes.push(text),
    columns: () => size.columns,
    rows: () => size.rows,
    colour: false,
    screen: (state: LiveState, fitting, paint) => screen('hydra-autoscaler', state, fitting, paint),
  });
  return { view, writes };
}

const breaks = (text: string): number => text.split('\n').length - 1;

describe('the live view', () => {
  test('takes the alternate screen once, hides the cursor and forbids wrapping', () => {
    const { view, writes } = viewOn({ columns: 80, rows: 24 });
    view.draw(live);
    view.draw({ ...live, at: live.at + 60 });
    expect(writes).toHaveLength(2);
    expect(writes[0]).toContain(`${ESC}?1049h${ESC}?25l${ESC}?7l`);
    expect(writes[1]).not.toContain('?1049h');
    expect(writes[1]).toContain('13:06 UTC');
  });

  test('redraws from the corner without clearing, so that nothing flickers, and never scrolls', () => {
    const { view, writes } = viewOn({ columns: 80, rows: 24 });
    view.draw(live);
    view.draw(live);
    expect(writes[1]).toContain(`${ESC}H`);
    expect(writes[1]).not.toContain(`${ESC}2J`);
    expect(breaks(writes[1] ?? '')).toBe(23);
  });

  test('leaves the last column free, where erasing the rest of the line would take the last character', () => {
    const { view, writes } = viewOn({ columns: 60, rows: 24 });
    view.draw(live);
    const lines = (writes[0] ?? '').split('\r\n').map(stripVTControlCharacters);
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBe(59);
  });

  test('fills a terminal whose size changes, and clears what its old lines left', () => {
    const size = { columns: 80, rows: 24 };
    const { view, writes } = viewOn(size);
    view.draw(live);
    Object.assign(size, { columns: 120, rows: 30 });
    view.draw(live);
    expect(writes[1]).toContain(`${ESC}2J`);
    expect(breaks(writes[1] ?? '')).toBe(29);
  });

  test('assumes 80 by 24 where the terminal does not tell its size', () => {
    const { view, writes } = viewOn({ columns: 0, rows: 0 });
    view.draw(live);
    expect(breaks(writes[0] ?? '')).toBe(23);
  });

  test('gives the terminal back and leaves the last state readable below', () => {
    const { view, writes } = viewOn({ columns: 80, rows: 24 });
    view.draw(live);
    view.end();
    const last = writes.at(-1) ?? '';
    expect(last.startsWith(`${ESC}?7h${ESC}?25h${ESC}?1049l`)).toBe(true);
    expect(last).toContain('13:05 UTC');
    expect(last).toContain('RULES kept');
    expect(last.endsWith('\n')).toBe(true);
  });

  test('ends only once, and not before it has begun', () => {
    const { view, writes } = viewOn({ columns: 80, rows: 24 });
    view.end();
    expect(writes).toEqual([]);
    view.draw(live);
    view.end();
    view.end();
    expect(writes).toHaveLength(2);
  });
});
