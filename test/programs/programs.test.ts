/** The programs as a person or a script runs them: each a process of its own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localTarget } from '../../local/programs/operate/target.ts';
import { begin as beginIn } from './program.ts';
import type { Ended, Running } from './program.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'programs-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const begin = (program: string, ...args: readonly string[]): Running => beginIn(directory, program, ...args);
const run = (program: string, ...args: readonly string[]): Promise<Ended> => begin(program, ...args).ended;

const SUMMARY_KEYS = [
  'buildsDone',
  'buildsLost',
  'buildsWaiting',
  'ticks',
  'launches',
  'terminations',
  'billedMachineHours',
  'busyMachineHours',
  'p50WaitSeconds',
  'p95WaitSeconds',
  'violations',
];

describe('npm start', () => {
  it('follows a trace and ends with a summary, leaving nothing behind', async () => {
    const trace = path.join(directory, 'trace.csv');
    writeFileSync(
      trace,
      'arrival_s,system,duration_s\n100,x86_64-linux,60\n100,x86_64-linux,90\n100,"x86_64-linux:kvm",5\n',
    );
    const { code, stdout } = await run(
      'start',
      '--json',
      '--hours',
      '0.5',
      '--speed',
      '100000',
      '--trace',
      trace,
    );
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const summary = lines.at(-1) ?? {};
    expect(Object.keys(summary)).toEqual(expect.arrayContaining(SUMMARY_KEYS));
    expect(summary).toMatchObject({
      buildsDone: 2,
      buildsLost: 0,
      buildsWaiting: 0,
      launches: 1,
      violations: 0,
    });
    expect(lines.filter(({ type }) => type === 'tick')).toHaveLength(Number(summary['ticks']));
    expect(code).toBe(0);
    expect(readdirSync(directory)).toEqual(['trace.csv']);
  });

  it('writes a report that stands alone', async () => {
    const report = path.join(directory, 'report.html');
    const { code, stdout } = await run('start', '--hours', '0.2', '--speed', '100000', '--report', report);
    expect(code).toBe(0);
    expect(stdout).toContain('builds done');
    expect(stdout).toContain(report);
    expect(readFileSync(report, 'utf8')).not.toMatch(/(src|href)="http/);
  });

  it('stops at Ctrl-C, with no file left', async () => {
    const program = begin('start', '--json', '--speed', '20', '--faults', 'runner');
    await program.speaks;
    program.signal('SIGINT');
    const { code, stdout } = await program.ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
      type: 'summary',
      terms: [
        expect.stringMatching(/^Stopped after .* of 5 h\.$/),
        expect.stringMatching(/\(runner\)/),
      ] as unknown,
    });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('leaves the report of what there was until Ctrl-C', async () => {
    const report = path.join(directory, 'report.html');
    const program = begin('start', '--speed', '20', '--port', '0', '--report', report);
    await program.speaks;
    program.signal('SIGINT');
    const { code, stdout } = await program.ended;
    expect(code).toBe(130);
    expect(stdout).toContain(`The report is in ${report}`);
    expect(readFileSync(report, 'utf8')).toMatch(/<p class="term">Stopped after [^<]* of 5 h\.<\/p>/);
  });

  it('tells every problem of a configuration at once', async () => {
    const file = path.join(directory, 'bad.json');
    const systemTypes = { 'x86_64-linux': { maxMachine: 3, runnablesPerMachine: 0 }, 'a b': {} };
    writeFileSync(file, JSON.stringify({ host: { instanceId: 'nonsense' }, systemTypes }));
    const { code, stdout, stderr } = await run('start', '--config', file);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/host\.instanceId: must be/);
    expect(stderr).toMatch(/maxMachine: .*maxMachines/);
    expect(stderr).toMatch(/runnablesPerMachine/);
    expect(stderr).toMatch(/a b/);
  });
});

describe('npm run region', () => {
  it('prints where it listens, answers there, and ends at Ctrl-C with no file left', async () => {
    const program = begin('region', '--port', '0', '--json');
    const { url, environment } = JSON.parse(await program.speaks) as {
      url: string;
      environment: Record<string, string>;
    };
    expect(environment).toMatchObject({ AWS_ENDPOINT_URL: url, STATE_TABLE: expect.any(String) as string });
    expect(
      (await fetch(url, { method: 'POST', body: 'Action=DescribeInstances' })).status,
    ).toBeGreaterThanOrEqual(400);
    program.signal('SIGINT');
    expect((await program.ended).code).toBe(0);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('ticks by itself where it is asked to', async () => {
    const program = begin('region', '--port', '0', '--json', '--schedule');
    const ask = localTarget((JSON.parse(await program.speaks) as { url: string }).url);
    let status = await ask({ status: true });
    while (!('lastTickSecondsAgo' in status)) status = await ask({ status: true });
    program.signal('SIGINT');
    expect((await program.ended).code).toBe(0);
  });

  it('says so when its port is taken, and leaves nothing behind', async () => {
    const first = begin('region', '--port', '0', '--json');
    const { url } = JSON.parse(await first.speaks) as { url: string };
    const standing = readdirSync(directory);
    const { code, stderr } = await run('region', '--port', new URL(url).port);
    expect(code).toBe(2);
    expect(stderr).toMatch(/port \d+ is taken: .*--port/);
    expect(readdirSync(directory)).toEqual(standing);
    first.signal('SIGINT');
    await first.ended;
  });
});

describe('npm run schema', () => {
  it('agrees with the schema that is checked in', async () => {
    expect(await run('schema', '--check')).toMatchObject({ code: 0 });
  });
});

describe('every program', () => {
  const programs = readdirSync('local/programs').filter(
    (file) => file.endsWith('.ts') && file !== 'closed-pipe.ts',
  );

  it.each(programs)('%s explains itself', async (file) => {
    const { code, stdout } = await run(path.basename(file, '.ts'), '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: /);
  });

  it.each(programs)('%s refuses what it does not know, with an exit code of its own', async (file) => {
    const { code, stdout, stderr } = await run(path.basename(file, '.ts'), '--gremlins');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('--gremlins');
  });
});
