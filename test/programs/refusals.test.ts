/** What programs say, before they do anything, of what cannot be; and what is left when something fails later. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { begin } from './program.ts';
import type { Ended } from './program.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'programs-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const run = (program: string, ...args: readonly string[]): Promise<Ended> =>
  begin(directory, program, ...args).ended;

describe('npm start', () => {
  it.each([
    ['--speed', '0', /from 0.1 to 1000000/],
    ['--speed', 'Infinity', /from 0.1 to 1000000/],
    ['--hours', 'long', /from 0.01 to 1000/],
    ['--hours', '1e9', /from 0.01 to 1000/],
    ['--hours', 'Infinity', /from 0.01 to 1000/],
    ['--port', '99999', /from 0 to 65535/],
    ['--seed', '1.5', /a whole number/],
    ['--faults', 'gremlins', /known are throttle/],
    ['--trace', 'nowhere.csv', /no such file/],
    ['--config', 'nowhere.json', /cannot be read/],
  ])('refuses %s %s', async (option, value, remedy) => {
    const { code, stdout, stderr } = await run('start', option, value);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(value);
    expect(stderr).toMatch(remedy);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('refuses a report that cannot be written before it runs for minutes', async () => {
    for (const file of [path.join(directory, 'none', 'report.html'), directory]) {
      const { code, stdout, stderr } = await run('start', '--report', file);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.trim().split('\n')).toEqual([
        expect.stringMatching(/cannot be written .*--report.*--no-report$/) as unknown,
      ]);
    }
  });

  it('tells how the run ended although the report can no longer be written', async () => {
    const place = path.join(directory, 'place');
    mkdirSync(place);
    const report = path.join(place, 'report.html');
    const program = begin(directory, 'start', '--hours', '0.2', '--speed', '2000', '--report', report);
    await program.speaks;
    rmSync(place, { recursive: true });
    const { code, stdout, stderr } = await program.ended;
    expect(stdout).toContain('builds done');
    expect(stdout).not.toContain('The report is in');
    expect(stderr.trim().split('\n').at(-1)).toContain('cannot be written');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });

  it('has ticks that act although the file only wants to observe, and says so', async () => {
    const [file, trace] = [path.join(directory, 'observing.json'), path.join(directory, 'trace.csv')];
    const systemTypes = { 'x86_64-linux': { billing: 'per-second' } };
    const host = { instanceId: 'mi-0123456789abcdef0' };
    writeFileSync(file, JSON.stringify({ observeOnly: true, host, systemTypes }));
    writeFileSync(trace, 'arrival_s,system,duration_s\n0,x86_64-linux,60\n');
    const given = ['--config', file, '--trace', trace, '--hours', '0.4', '--speed', '100000', '--json'];
    const { code, stdout, stderr } = await run('start', ...given);
    expect(stderr).toContain(`observeOnly is set in ${file}`);
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
      buildsDone: 1,
      violations: 0,
    });
    expect(code).toBe(0);
  });

  it('takes another port where one is taken, and says which', async () => {
    const region = begin(directory, 'region', '--port', '0', '--json');
    const { port } = new URL((JSON.parse(await region.speaks) as { url: string }).url);
    const { code, stderr } = await run('start', '--hours', '0.01', '--json', '--port', port);
    expect(code).toBe(0);
    expect(stderr).toMatch(new RegExp(`^port ${port} is taken; .*--url http://127.0.0.1:\\d+ status$`, 'm'));
    region.signal('SIGTERM');
    await region.ended;
    expect(readdirSync(directory)).toEqual([]);
  });
});

it.each(['start', 'region'])('%s says in a line that there is no temporary directory', async (program) => {
  const { code, stderr } = await begin(path.join(directory, 'none'), program).ended;
  expect(code).toBe(2);
  expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('set TMPDIR to') as unknown]);
});

it('schema says in a line what it cannot write', async () => {
  const file = path.join(directory, 'reference.md');
  writeFileSync(file, '<!-- configuration reference -->\n<!-- end -->\n');
  const { code, stderr } = await run('schema', '--output', path.join(file, 'x.json'), '--reference', file);
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/x\.json cannot be written .*--output/) as unknown,
  ]);
});
