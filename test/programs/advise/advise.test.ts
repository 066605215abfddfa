/** `npm run advise` as a process: what it says of a small queue, and how it refuses. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launch } from '../program.ts';
import type { Ended } from '../program.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'advise-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const run = (...args: readonly string[]): Promise<Ended> =>
  launch('advise', args, { cwd: directory, env: { ...process.env, TMPDIR: directory } }).ended;

const write = (name: string, text: string): string => {
  const file = path.join(directory, name);
  writeFileSync(file, text);
  return file;
};

/** Two batches of eight steps of ten minutes, an hour apart. */
const trace = (system = 'x86_64-linux'): string =>
  write(
    'small.csv',
    [
      'arrival_s,system,duration_s',
      ...[0, 3600].flatMap((at) => Array<string>(8).fill(`${at},${system},600`)),
    ].join('\n'),
  );

const farm = (type: Readonly<Record<string, unknown>> = {}): string =>
  write(
    'farm.json',
    JSON.stringify({
      tag: 'farm',
      host: { instanceId: 'i-0123456789abcdef0' },
      maxTotalMachines: 9,
      systemTypes: { 'x86_64-linux': { maxMachines: 4, maxJobs: 4, ...type } },
    }),
  );

interface Row {
  readonly setting: string;
  readonly cost: number;
  readonly workWeightedWait: number;
}
interface Answer {
  readonly types: readonly {
    readonly unit: string;
    readonly rows: readonly Row[];
    readonly change: string | null;
  }[];
}

describe('npm run advise', () => {
  it('plays today and other settings, and says what to change', async () => {
    const { code, stdout, stderr } = await run(
      '--trace',
      trace(),
      '--config',
      farm(),
      '--json',
      '--threads',
      '1',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const answer = JSON.parse(stdout) as Answer;
    expect(answer).toMatchObject({ source: 'trace', steps: 16, violations: 0, uncovered: 0 });
    const [type] = answer.types;
    const settings = type?.rows.map(({ setting }) => setting) ?? [];
    expect(settings).toEqual(expect.arrayContaining(['today', 'targetWait 300', 'targetWait 2400']));
    expect(settings.join()).toMatch(/placement spread.*|billing hourly/);
    expect(settings.join()).toMatch(/instanceTypes c7i.xlarge/);
    const row = (name: string) => type?.rows.find(({ setting }) => setting === name);
    // By the hour, which nobody charges, machines stay on for nothing.
    expect(row('today')?.cost).toBeGreaterThan(1.3 * (row('targetWait 600')?.cost ?? Infinity));
    expect(type).toMatchObject({ type: 'x86_64-linux', unit: 'hours', today: 'today' });
    expect(type?.change).toMatch(/^in systemTypes."x86_64-linux": "targetWait": \d+/);
  });

  it('tells people the same in a table and on a page, in dollars where it is told prices', async () => {
    const report = path.join(directory, 'report.html');
    const { code, stdout, stderr } = await run(
      ...['--trace', trace(), '--config', farm({ targetWait: 300 }), '--report', report, '--threads', '1'],
      ...['--price', 'c7i.2xlarge=0.36,0.12'],
    );
    expect(code).toBe(0);
    expect(stderr).toBe(`The report is in ${report}\n`);
    expect(stdout).toContain('16 steps in 0.0 days, from a trace. That says little');
    expect(stdout).toMatch(/a month +on spot +wait +95 % +longest +starts +peak +other than today/);
    expect(stdout).toMatch(/^ {2}today(, knee)? +\$\d/m);
    expect(stdout).toContain('"market": "spot-then-on-demand"');
    expect(stdout).toContain('What cannot be known from it:');
    const page = readFileSync(report, 'utf8');
    expect(page).toMatch(/aria-label="Cost against wait: today \$[\d.]+ a month at /);
    expect(page).toContain('<td>targetWait 600</td>');
    expect(page.match(/<div class="plot"/g)).toHaveLength(1);
  });

  it('takes a usual farm where there is none, and says so', async () => {
    const { code, stderr } = await run('--trace', trace('aarch64-linux'), '--json', '--threads', '1');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^There is no autoscaler.json here/);
  });
});

describe('npm run advise refuses', () => {
  const refused = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toMatch(/^\s+at /m);
    return stderr.trim().split('\n');
  };

  it('everything that is wrong at once, each with what to do', async () => {
    const lines = await refused(
      ...['--days', 'many', '--boot', '5', '--threads', '0', '--price', 'c7i.2xlarge'],
      ...['--trace', 'nowhere.csv', '--journal', 'nowhere.jsonl', '--config', 'nowhere.json'],
      ...['--report', path.join(directory, 'none', 'report.html')],
    );
    expect(lines).toEqual([
      '--days is "many": it must be a number from 0.01 to 1000000',
      '--boot is "5": it must be a number from 20 to 1000000',
      '--threads is "0": it must be a number from 1 to 1000000',
      expect.stringMatching(/^--price is "c7i.2xlarge": .* such as c7i.2xlarge=0.357,0.14$/),
      expect.stringMatching(/cannot be written .*: name another file with --report$/),
      '--journal and --trace each name a history: name one of them only',
      expect.stringMatching(/^nowhere.json has a problem/),
      expect.stringMatching(/cannot be read/),
    ]);
    expect(existsSync(path.join(directory, 'none'))).toBe(false);
  });

  it('to begin without a history', async () => {
    expect(await refused()).toEqual([
      'no history is named: name one with --stack, --url, --journal, --steps, --trace',
    ]);
  });

  it('a journal without the farm it is of', async () => {
    const [line] = await refused('--journal', write('journal.jsonl', ''));
    expect(line).toMatch(/no autoscaler.json here: name it with --config$/);
  });

  it.each([
    ['nothing', '', /line 1 must be/],
    ['no steps', 'arrival_s,system,duration_s\n', /no steps/],
  ])('a trace with %s', async (_what, text, remedy) => {
    const file = write('empty.csv', text);
    const lines = await refused('--trace', file);
    expect(lines[0]).toContain(file);
    expect(lines.join('\n')).toMatch(remedy);
  });

  it('a queue that is not the farm’s', async () => {
    const [line] = await refused('--trace', trace('aarch64-darwin'), '--config', farm());
    expect(line).toMatch(/aarch64-darwin.*is this the farm of that queue/);
  });

  it('a region that does not answer', async () => {
    const [line] = await refused('--url', 'http://127.0.0.1:9', '--config', farm());
    expect(line).toMatch(/nothing answers at http:\/\/127.0.0.1:9/);
  });
});
