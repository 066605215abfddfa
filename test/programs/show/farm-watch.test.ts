/** What a watched farm shows, by the statuses of a farm that follows a queue. */
import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FarmStatus } from '../../../lambdas/operate/status.ts';
import { TargetError } from '../../../local/programs/operate/target.ts';
import { watch } from '../../../local/programs/operate/watch.ts';
import { widthOf } from '../../../local/programs/show/cells.ts';
import { farmScreen } from '../../../local/programs/show/farm-screen.ts';
import { FarmWatch } from '../../../local/programs/show/farm-watch.ts';
import type { WatchState } from '../../../local/programs/show/farm-watch.ts';
import { painter } from '../../../local/programs/show/paint.ts';
import { OperateBench, TYPE } from '../../operate/bench.ts';

const statuses: FarmStatus[] = [];

beforeAll(async () => {
  const bench = new OperateBench();
  const look = async (): Promise<void> => {
    const answer = await bench.ask({ status: true }, 20);
    if (answer.result === 'status') statuses.push(answer);
  };
  await bench.pass(120);
  await bench.ticks(1);
  bench.world.runner.queue({ count: 4, system: 'x86_64-linux', seconds: 400 });
  await bench.pass(60);
  await look();
  await bench.ticks(1);
  await look();
  await look();
  await bench.ask({ pause: { type: TYPE, minutes: 60, by: 'Zoë' } }, 20);
  await look();
  await bench.ask({ resume: { type: TYPE } }, 20);
  await look();
  await bench.ticks(5);
  await look();
});

function watched(): { readonly farm: FarmWatch; readonly told: readonly (readonly string[])[] } {
  const farm = new FarmWatch();
  const told = statuses.map((status, index) => farm.take(status, index * 60).map(({ text }) => text));
  return { farm, told };
}
const linesOf = (state: WatchState, columns = 80, rows = 24): readonly string[] =>
  farmScreen('my-stack', state, { columns, rows }, painter(false));

describe('a watched farm', () => {
  it('tells everything at first, then only what changes, and what is gone', () => {
    const [first = [], second = [], third, paused = [], resumed = [], last = []] = watched().told;
    expect(first[0]).toBe('queue status: trusted');
    expect(first[1]).toMatch(/^x86_64-linux: launch 2 \(/);
    expect(second.filter((text) => /^i-[0-9a-f]+ \(x86_64-linux\): ready/.test(text))).toHaveLength(2);
    expect(third).toEqual([]);
    expect(paused).toContainEqual(expect.stringMatching(/^order: x86_64-linux: paused by hand \(Zoë\)/));
    expect(resumed).toContainEqual(expect.stringMatching(/^no more order: x86_64-linux: paused/));
    expect(last.filter((text) => text.endsWith(': gone'))).toHaveLength(2);
  });

  it('shows queue, machines with their price or none, changes and cost', () => {
    const farm = new FarmWatch();
    for (const [index, status] of statuses.slice(0, 2).entries()) farm.take(status, index * 60);
    if (farm.state === undefined) throw new Error('nothing was taken');
    const lines = linesOf(farm.state);
    expect(lines).toHaveLength(24);
    expect(lines[0]).toMatch(/^my-stack +q ends$/);
    expect(lines.join('\n')).toMatch(/QUEUE {2}\d+ steps? could start; status trusted +past 1 min/);
    expect(lines.join('\n')).toMatch(/MACHINES {2}2 ready/);
    expect(lines.join('\n')).toMatch(/ machine +type +phase +why\n/);
    expect(lines.at(-1)).toMatch(/^COST what 2 machines cost is not known/);
    const [machine] = farm.state.status.machines;
    if (machine === undefined) throw new Error('no machine');
    const status = { ...farm.state.status, machines: [{ ...machine, dollarsPerHour: 0.357 }] };
    expect(linesOf({ ...farm.state, status }).join('\n')).toMatch(/ \$\/h {2}why\n.* 0\.357 {2}/);
  });

  it('fits any terminal, whatever it is told', () => {
    const { farm } = watched();
    if (farm.state === undefined) throw new Error('nothing was taken');
    const evil = '\u001b[2J\n漢字'.repeat(60);
    const { status } = farm.state;
    const state = {
      ...farm.state,
      trouble: evil,
      status: {
        ...status,
        message: evil,
        queue: evil,
        problems: [evil, evil],
        orders: [evil],
        resting: [evil],
      },
    };
    for (const [columns, rows] of [
      [80, 24],
      [30, 8],
      [200, 60],
      [1, 1],
    ] as const) {
      const lines = linesOf(state, columns, rows);
      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const line of lines) {
        expect(widthOf(line)).toBeLessThanOrEqual(columns);
        expect(line).not.toContain('\u001b');
      }
    }
  });
});

describe('watching', () => {
  it('goes on where the farm does not answer for a while, ends when told to, and fails at once where it never did', async () => {
    const over = new AbortController();
    const output = Object.assign(new PassThrough(), { isTTY: false }) as unknown as NodeJS.WriteStream;
    const [first] = statuses;
    if (first === undefined) throw new Error('no status');
    const answers = [first, undefined, undefined, first];
    let asked = 0;
    const options = {
      ...{ title: 'x', output, json: true, over: over.signal, now: () => 0 },
      pause: () => Promise.resolve(),
    };
    await watch({
      ...options,
      ask: () => {
        const answer = answers[asked++];
        if (asked === answers.length) over.abort();
        return answer === undefined ? Promise.reject(new TargetError('it sleeps')) : Promise.resolve(answer);
      },
    });
    const lines = String(output.read() as Buffer)
      .trim()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { result: string }).result)).toEqual([
      'status',
      'unanswered',
    ]);
    await expect(
      watch({
        ...options,
        over: new AbortController().signal,
        ask: () => Promise.reject(new TargetError('no')),
      }),
    ).rejects.toThrow('no');
  });
});
