/** The past of a farm that followed a queue, from its real journal, and the page of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { entryToJson } from '../../../lambdas/aws/dynamo/journal-codec.ts';
import { PastFold } from '../../../local/programs/past/fold.ts';
import { paidFor } from '../../../local/programs/past/money.ts';
import type { Past } from '../../../local/programs/past/past.ts';
import { lastOf } from '../../../local/programs/past/window.ts';
import { pastIn } from '../../../local/programs/past/source.ts';
import { renderFarmReport } from '../../../local/programs/show/farm-report.ts';
import { OperateBench, START, TYPE } from '../../operate/bench.ts';

const EVIL = `</script><img src=x onerror=alert(1)>`;

/** Two machines come for four steps and go; a person says something on the way. */
async function followed(): Promise<OperateBench> {
  const priced = { maxMachines: 4, runnablesPerMachine: 2, maxJobs: 2, billing: 'per-second' };
  const bench = new OperateBench({
    systemTypes: { [TYPE]: { ...priced, gracePeriod: 300, dollarsPerHour: 0.36 } },
  });
  await bench.busyFarm({ count: 4, seconds: 400 }, 3);
  await bench.ask({ pause: { type: TYPE, minutes: 1, by: EVIL } }, 5);
  await bench.ticks(5);
  return bench;
}

function pastOf({ journal }: OperateBench): Past {
  const fold = new PastFold();
  for (const entry of journal.written) fold.take({ entry });
  return fold.past;
}

const bench = await followed();
const past = pastOf(bench);
const page = renderFarmReport('my farm', past);
const text = page.replaceAll(/\s+/g, ' ');

describe('the past of a farm', () => {
  it('has what ticks saw: the queue, machines that come, work and go, and their price', () => {
    const { looks } = past;
    expect(looks.map(({ waiting }) => waiting?.[TYPE] ?? 0)).toContain(4);
    expect(looks.some(({ machines }) => machines['booting'] === 2)).toBe(true);
    expect(looks.some(({ working, idle }) => working === 2 && idle === 0)).toBe(true);
    expect(Math.max(...looks.map(({ dollarsPerHour }) => dollarsPerHour))).toBeCloseTo(0.72);
    expect(looks.at(-1)?.machines).toEqual({});
    expect([past.launched, past.ended]).toEqual([2, 2]);
  });

  it('counts what they ran for as the region does', () => {
    const ran = bench.world.region.instances.all.map(({ instanceId }) => instanceId);
    expect(past.bills.map(({ machine }) => machine).toSorted()).toEqual(ran.toSorted());
    const paid = paidFor(past.bills);
    expect(paid.total / 3600).toBeCloseTo(bench.world.hours.billed, 1);
    expect(paid.dollars).toBeCloseTo((paid.total / 3600) * 0.36);
    expect(paid.seconds.working).toBeGreaterThan(600);
    expect(paid.idleDollars).toBeLessThan(paid.dollars);
  });

  it('knows of each machine why it came, what it went through, and that it went', () => {
    expect(past.lives).toHaveLength(2);
    for (const { type, came, parts, until = 0, dollarsPerHour } of past.lives) {
      expect({ type, dollarsPerHour }).toEqual({ type: TYPE, dollarsPerHour: 0.36 });
      expect(came).toMatch(/4 runnable/);
      expect(parts.map(({ phase }) => phase)).toEqual(['booting', 'ready', 'draining', 'terminating']);
      expect(parts.map(({ from }) => from)).toEqual(parts.map(({ from }) => from).toSorted((a, b) => a - b));
      expect(until).toBeGreaterThanOrEqual(parts.at(-1)?.from ?? Infinity);
    }
  });

  it('has an end of its own, in which what was over before is left out', () => {
    const end = lastOf(past, 600);
    expect([end.end, end.startedAt]).toEqual([past.end, past.end - 600]);
    expect(end.looks.length).toBeLessThan(past.looks.length);
    const last = past.looks.at(-1);
    expect(end.looks.at(-1)).toEqual({ ...last, at: (last?.at ?? 0) - (end.startedAt - past.startedAt) });
    expect(end.looks.every(({ at }) => at >= 0)).toBe(true);
    expect(end.lives).toEqual(past.lives.filter(({ until = Infinity }) => until >= end.startedAt));
    expect(lastOf(past, 1e9)).toEqual(past);
  });

  it('keeps what stands out where there are more looks than a screen shows', () => {
    const looks = Array.from({ length: 20_000 }, (_, at) => ({
      ...{ at, machines: {}, dollarsPerHour: 0 },
      waiting: { x: at === 12_345 ? 99 : 1 },
    }));
    const shown = lastOf({ ...past, looks, end: past.startedAt + 20_000 }, 1e9).looks;
    expect(shown.length).toBeLessThanOrEqual(1500);
    expect(shown).toContainEqual(looks[12_345]);
  });

  it('has what people ordered, and every tick that did something', () => {
    expect(past.marks).toMatchObject([{ kind: 'order', text: expect.stringContaining('pause') as unknown }]);
    const { rows, ticks } = past.ticks;
    expect(ticks).toBeGreaterThan(rows.length);
    expect(rows[0]).toMatchObject({ what: 'launched 2' });
    expect(past.startedAt).toBeGreaterThanOrEqual(START);
  });

  it('is the same from an exported journal, and only the end of it where days are given', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'past-'));
    const journal = path.join(directory, 'farm.jsonl');
    writeFileSync(journal, bench.journal.written.map((entry) => `${entryToJson(entry)}\n`).join(''));
    expect((await pastIn({ journal })).past).toEqual(past);
    const minutes = (await pastIn({ journal, days: 10 / (24 * 60) })).past;
    expect(minutes.end).toBe(past.end);
    expect(minutes.end - minutes.startedAt).toBeLessThan(900);
    rmSync(directory, { recursive: true });
    await expect(pastIn({ journal })).rejects.toThrow(/cannot be read/);
  });

  it('tells what it could not read, and long times without a tick', () => {
    const fold = new PastFold();
    fold.take({ key: 'line 1', problem: 'no entry' });
    for (const entry of bench.journal.written)
      if (entry.kind === 'tick') {
        fold.take({ entry });
        fold.take({
          entry: { ...entry, at: entry.at + 90_000, endedAt: entry.endedAt + 90_000, rounds: [] },
        });
        break;
      }
    expect(fold.past).toMatchObject({ unreadable: ['line 1: no entry'] });
    const told = renderFarmReport('my farm', fold.past).replaceAll(/\s+/g, ' ');
    expect(told).toContain('1 entry could not be read: line 1: no entry');
    expect(told).toMatch(/For 2[45] h[^<]* at a time no tick ran/);
  });
});

describe('its page', () => {
  it('says what was paid, what of it idle, and what it cannot know', () => {
    expect(page).toContain('<h1>my farm, ');
    expect(text).toMatch(/<b>\$0\.\d+<\/b><span>paid<\/span>/);
    expect(text).toMatch(/<b>\d+ %<\/b><span>idle share<\/span>/);
    expect(text).toMatch(new RegExp(`<td>${TYPE}</td> <td>2</td> <td>0\\.\\d h</td> <td>\\$0\\.\\d+</td>`));
    expect(text).toContain('What a journal does not know');
    expect(page.split('<footer>')[0]).not.toMatch(/simulated|NaN|undefined/);
  });

  it('draws queue, machines, work and cost, and marks orders', () => {
    for (const id of ['queue', 'machines', 'work', 'cost']) expect(page).toContain(`id="plot-${id}"`);
    expect(page).toContain('{"kind":"order",');
  });

  it('takes nothing it is told for HTML', () => {
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img src=x');
  });

  it('is still a page without a journal', () => {
    const empty = renderFarmReport('nobody', new PastFold().past);
    expect(empty).toContain('The journal has no tick of this time.');
    expect(empty.match(/Nothing was recorded\./g)).toHaveLength(4);
    expect(empty.split('<footer>')[0]).not.toMatch(/NaN|undefined|Infinity/);
  });
});
