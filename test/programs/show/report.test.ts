import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { History } from '../../../local/programs/show/history.ts';
import { renderReport } from '../../../local/programs/show/report.ts';
import { didSomething, reasonsOf } from '../../../local/programs/show/report/ticks.ts';
import { history, launchTick, nothing, quietTick, range } from './afternoon.ts';

/** The texts of the script elements with exactly these attributes. */
const scriptsOf = (page: string, attributes: string): readonly string[] =>
  page
    .split(`<script${attributes}>`)
    .slice(1)
    .map((rest) => rest.slice(0, rest.indexOf('</script>')));
const dataOf = (page: string): unknown =>
  JSON.parse(scriptsOf(page, ' type="application/json" id="data"').join(''));
const rowsOf = (page: string): number =>
  page.split('Ticks that did something')[1]?.split('<tbody>')[1]?.split('<tr>').length ?? 0;

describe('the report', () => {
  const page = renderReport(history);

  test('is one page that loads nothing', () => {
    expect(page.startsWith('<!doctype html>')).toBe(true);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<link|<img|<iframe|\ssrc=|\shref=|@import|url\(/i);
  });

  test('carries scripts that a browser can read', () => {
    const scripts = scriptsOf(page, '');
    expect(scripts).toHaveLength(2);
    for (const script of scripts) expect(() => new Script(script)).not.toThrow();
    expect(scripts[0]).toContain('uPlot=');
    expect(scripts[0]).toContain('The MIT License');
  });

  test('hands the plots over as data', () => {
    expect(dataOf(page)).toMatchObject({
      plots: [{ id: 'queue' }, { id: 'machines' }, { id: 'waits' }, { id: 'slots' }],
      marks: [],
    });
    for (const id of ['queue', 'machines', 'waits', 'slots']) expect(page).toContain(`id="plot-${id}"`);
  });

  test('says what was simulated and how it ended', () => {
    expect(page).toContain('<h1>5 hours, seed 1</h1>');
    expect(page).toContain('Monday, 2 March 2026, 12:00 to 17:00 UTC');
    expect(page).toContain('<b>355</b><span>builds done</span>');
    expect(page).toContain('<b>8 min 5 s</b><span>median wait</span>');
    expect(page).toContain('<b>38.0 h</b><span>machine time billed</span>');
    expect(page).not.toContain('Rules broken');
  });

  test('lists the ticks that did something, with the reason', () => {
    expect(page).toContain('2 ticks; 58 others looked and had nothing to do.');
    expect(rowsOf(page) - 1).toBe(2);
    expect(page).toContain('launch 2 x86_64-linux: 8 runnable at 4 per machine want 2');
  });

  test('shows broken rules, as text and as marks in the plots', () => {
    const broken = renderReport({
      ...history,
      violations: [{ rule: 2, at: 7200, what: 'i-01 was ended with 3 steps at work on it' }],
    });
    expect(broken).toContain('14:00, rule 2: i-01 was ended with 3 steps at work on it');
    expect(dataOf(broken)).toMatchObject({ marks: [{ kind: 'rule', at: history.startedAt + 7200 }] });
  });

  test('says what was made to go wrong, when, and what else is not as usual', () => {
    expect(page).not.toContain('Faults on purpose');
    const terms = ['Stopped after 2 h of 5 h.', 'Fault on purpose (runner): every hour it is killed.'];
    const faulty = renderReport({
      ...history,
      faults: [{ at: 1800, what: 'the queue runner is killed' }],
      summary: { ...history.summary, terms },
    });
    for (const term of terms) expect(faulty).toContain(`<p class="term">${term}</p>`);
    expect(faulty).toContain('12:30: the queue runner is killed');
    expect(dataOf(faulty)).toMatchObject({ marks: [{ kind: 'fault', at: history.startedAt + 1800 }] });
  });

  test('keeps the problems that ticks met', () => {
    const problem = {
      what: 'the machines file could not be published: no space',
      ticks: 3,
      firstAt: 60,
      lastAt: 660,
    };
    const text = renderReport({ ...history, summary: { ...history.summary, problems: [problem] } });
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      `<td>3</td> <td>12:01</td> <td>12:11</td> <td>${problem.what}</td>`,
    );
  });

  test('tells days where a run has several, and breaks its ticks into pages of a day', () => {
    const ticks = range(600).map((index) => ({
      at: index * 1200,
      endedAt: index * 1200 + 60,
      woken: 'schedule',
      answer: launchTick,
    }));
    const long = renderReport({ ...history, ticks, summary: { ...history.summary, virtualHours: 200 } });
    expect(long).toContain('Monday, 2 March 2026, 12:00 to Tuesday, 10 March 2026, 20:00 UTC');
    const pages = [...long.matchAll(/<summary>(\w+day, .*: \d+ ticks)<\/summary>/g)].map(
      ([, title]) => title,
    );
    expect(pages).toHaveLength(9);
    expect(pages[0]).toBe('Monday, 2 March 2026, 12:00 to 23:40: 36 ticks');
    expect(pages[8]).toBe('Tuesday, 10 March 2026, 00:00 to 19:40: 60 ticks');
    const busy = renderReport({
      ...history,
      ticks: ticks.map((tick, index) => ({ ...tick, at: index * 30 })),
    });
    expect(busy.match(/<summary>Monday/g)).toHaveLength(6);
  });

  test('says the same without eyes, mouse or scripts', () => {
    expect(page).toMatch(
      /id="plot-queue" tabindex="0" role="img" aria-label="Queue, builds waiting: [^"]*x86_64-linux \d+ at most/,
    );
    expect(page).toContain('id="told-queue" role="status"');
    const table = page.split('id="values-machines"')[1]?.split('</table>')[0] ?? '';
    expect(table.match(/<tr>/g)).toHaveLength(1 + 20);
    expect(table.replaceAll(/\s+/g, ' ')).toContain('<td>13:00</td> <td>12</td>');
  });

  test('is still a page when nothing happened', () => {
    const empty = renderReport(nothing);
    expect(empty.match(/Nothing was recorded\./g)).toHaveLength(4);
    expect(empty).toContain('None of 0 ticks had anything to do.');
    expect(empty).toContain('– of the time billed');
    expect(empty.split('<footer>')[0]).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('takes nothing it is told for HTML', () => {
    const evil = `</script><img src=x onerror=alert(1)>"'&\ud800`;
    const machines = launchTick.machines.map((one) => ({ ...one, type: evil, reason: evil }));
    const types = launchTick.types.map((one) => ({ ...one, type: evil, reason: evil }));
    const answer = { ...launchTick, message: evil, machines, types, problems: [evil] };
    const hostile: History = {
      ...history,
      title: evil,
      samples: history.samples.map((sample) => ({
        ...sample,
        waiting: { [evil]: 3 },
        machines: { [evil]: 2 },
      })),
      ticks: [{ at: 0, endedAt: 1, woken: evil, answer }],
      violations: [{ rule: 1, at: 0, what: evil }],
    };
    const text = renderReport(hostile);
    expect(text).not.toContain('<img');
    expect(text.isWellFormed()).toBe(true);
    expect(text).toContain('&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
    expect(text.split('</script>')).toHaveLength(renderReport(history).split('</script>').length);
    expect(JSON.stringify(dataOf(text))).toContain('</script><img src=x');
  });
});

describe('a tick did something', () => {
  const tick = { at: 0, endedAt: 1, woken: 'schedule' };
  const recorded = { result: 'recorded', message: 'at least 2 machines' } as const;

  test.each([
    ['when it acted', launchTick, true],
    ['when it had nothing to do', quietTick, false],
    ['when it met a problem', { ...quietTick, problems: ['no capacity'] }, true],
    ['when its plan was refused', { ...quietTick, result: 'refused' as const }, true],
    ['when a person asked for something', recorded, true],
    ['when a stranger’s event woke it', { result: 'ignored' as const, message: 'not ours' }, false],
  ])('%s', (_when, answer, did) => {
    expect(didSomething({ ...tick, answer })).toBe(did);
  });

  test('and what is done to several machines for the same reason is told once', () => {
    const actions = [
      'terminate i-0aaaaaaa: drained; not needed',
      'terminate i-0bbbbbbb: drained; not needed',
      'stop i-0ccccccc: drained; not needed',
      'launch 2 x86_64-linux: 8 runnable',
    ];
    expect(reasonsOf(actions)).toEqual([
      'terminate: drained; not needed (2 machines)',
      'stop: drained; not needed',
      'launch 2 x86_64-linux: 8 runnable',
    ]);
  });
});
