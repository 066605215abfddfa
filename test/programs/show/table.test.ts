import { describe, expect, it } from 'vitest';
import { widthOf } from '../../../local/programs/show/cells.ts';
import { painter } from '../../../local/programs/show/paint.ts';
import { renderTable } from '../../../local/programs/show/table.ts';

const head = [
  { title: 'type', max: 32 },
  { title: 'runnable', align: 'right' },
  { title: 'machines', max: 36 },
  { title: 'why' },
] as const;
const why = '40 runnable at 4 per machine want 10; capped at maxMachines 4; 2 ready, 1 booting, 1 draining';
const rows = [
  ['x86_64-linux:big-parallel', '40', '2 ready, 1 booting, 1 draining', why],
  ['', '', '', 'a second sentence'],
].map((row) => row.map((text) => ({ text })));

const shown = (columns: number): readonly string[] => renderTable(head, rows, columns, painter(false));

describe('a table', () => {
  it.each([20, 40, 60, 80, 100, 120, 200])('is never wider than %i columns', (columns) => {
    expect(Math.max(...shown(columns).map(widthOf))).toBeLessThanOrEqual(columns);
    expect(shown(columns).join(' ').replaceAll(/\s+/g, ' ')).toContain('a second sentence');
  });

  it('puts sentences beside their row where there is room', () => {
    expect(shown(200)).toEqual([
      '  type                       runnable  machines                        why',
      `  x86_64-linux:big-parallel        40  2 ready, 1 booting, 1 draining  ${why}`,
      `${' '.repeat(71)}a second sentence`,
    ]);
  });

  it('and below it where there is not, with every column whole as long as its words fit', () => {
    expect(shown(60)).toEqual([
      '  type                       runnable  machines',
      '  x86_64-linux:big-parallel        40  2 ready, 1 booting, 1',
      '                                       draining',
      '      40 runnable at 4 per machine want 10; capped at',
      '      maxMachines 4; 2 ready, 1 booting, 1 draining',
      '      a second sentence',
    ]);
    expect(shown(40)[1]).toMatch(/^ {2}x86_64-lin\S*… /);
  });

  it('has no lines without rows', () => {
    expect(renderTable(head, [], 80, painter(false))).toEqual([]);
  });
});
