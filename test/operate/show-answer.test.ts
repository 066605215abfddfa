import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as told from '../../lambdas/core/reason/words/index.ts';
import type { Answer } from '../../lambdas/reconcile/answer.ts';
import { renderAnswer } from '../../local/programs/operate/show-answer.ts';
import { widthOf } from '../../local/programs/show/cells.ts';
import { KVM, OperateBench, TYPE } from './bench.ts';

async function busy(): Promise<OperateBench> {
  const bench = new OperateBench();
  await bench.busyFarm({ count: 4, seconds: 3000 }, 1);
  return bench;
}

const shown = (answer: Answer, columns = 110): string => renderAnswer(answer, columns, false);

describe('the answer at a terminal', () => {
  it('is a table for the status: every type and machine once, each column under its title', async () => {
    const bench = await busy();
    const [id] = Object.keys(await bench.machines());
    const lines = shown(await bench.ask({ status: true }, 5)).split('\n');
    const head = lines.find((line) => line.includes('runnable')) ?? '';
    const row = lines.find((line) => line.trim().startsWith(`${TYPE} `)) ?? '';
    expect(row.slice(0, head.indexOf('runnable'))).toMatch(/^ {2}x86_64-linux +$/);
    expect(row.charAt(head.indexOf('allowed') + 'allowed'.length - 1)).toMatch(/\d/);
    expect(lines.filter((line) => line.includes(id ?? 'none'))).toHaveLength(1);
    expect(lines.filter((line) => line.trim().startsWith(KVM))).toHaveLength(1);
  });

  it.each([60, 80, 120, 200])('fits %i columns, coloured or not', async (columns) => {
    const bench = await busy();
    await bench.ask({ scaleOut: { type: KVM, count: 2, minutes: 40, by: 'Ada' } }, 20);
    for (const event of [{ status: true }, { doctor: true }, { plan: true }, { explain: { type: TYPE } }]) {
      const answer = await bench.ask(event, 5);
      const plain = renderAnswer(answer, columns, false);
      expect(stripVTControlCharacters(renderAnswer(answer, columns, true))).toBe(plain);
      expect(Math.max(...plain.split('\n').map(widthOf))).toBeLessThanOrEqual(columns);
    }
  });

  it('lists what a tick did, and what went wrong', async () => {
    const bench = new OperateBench();
    await bench.pass(120);
    bench.world.region.capacity.limit({}, 1);
    const text = shown(await bench.ask({ scaleOut: { type: TYPE, count: 2, minutes: 5 } }, 60));
    expect(text).toMatch(
      /^at least 2 machines of x86_64-linux for 5 minutes; a tick has looked at it \(launch 2\), and\s+there is 1 booting/,
    );
    expect(text).toMatch(/ {2}- launch 2 x86_64-linux: /);
    expect(text).toContain(`  - problem: ${told.launchCall(2, 'x86_64-linux', 'CreateFleet')} was refused`);
  });

  it('tells all that is right only when nothing was understood', async () => {
    const bench = new OperateBench();
    expect(shown(await bench.ask({}, 5))).toContain('{"doctor":true}');
    expect(shown(await bench.ask({ pause: {} }, 5))).not.toContain('{"doctor":true}');
  });

  it('passes over events that are nobody’s in a sentence', () => {
    expect(shown({ result: 'ignored', message: 'i-1 is not one of our machines' })).toBe(
      'i-1 is not one of our machines\n',
    );
  });
});
