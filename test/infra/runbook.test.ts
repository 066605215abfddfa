import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RUNBOOK } from '../../infra/runbook.ts';

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

/** The rows of the table below a heading, as cells. */
function tableBelow(heading: string): string[][] {
  const [, below = ''] = README.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [section = ''] = below.split(/^#+ /m);
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
}

describe('the runbook', () => {
  it('in the README says of every alarm what the alarm says itself, and of no other', () => {
    const written = tableBelow('When an alarm rings').map(([name = '', meaning, remedy]) => [
      name.replaceAll('`', ''),
      { meaning, remedy },
    ]);
    expect(Object.fromEntries(written)).toEqual(RUNBOOK);
  });
});
