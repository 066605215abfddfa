/** `npm run operate` and `npm run journal` as people run them, against the region of `npm run region`. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localTarget } from '../../local/operate/target.ts';
import { leaveOut, needs } from '../needs.ts';

const ROOT = join(import.meta.dirname, '../..');
const cli = (name: string): string => join(ROOT, `local/cli/${name}.ts`);
/** Debian's own aws program comes before one that somebody else has put there. */
const PATH = `/usr/bin:${process.env['PATH'] ?? ''}`;
const folder = mkdtempSync(join(tmpdir(), 'hydra-autoscaler-operate-'));

let region: ChildProcess;
let environment: Readonly<Record<string, string>>;

/** The first line a program prints. */
const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text);
    });
    child.once('exit', () => reject(new Error('the region ended')));
  });

beforeAll(async () => {
  region = spawn(process.execPath, [cli('region'), '--port', '0', '--speed', '50', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = JSON.parse(await firstLine(region)) as { environment: Record<string, string> };
  environment = said.environment;
});

afterAll(async () => {
  const ended = new Promise((resolve) => region.once('exit', resolve));
  region.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (program: string, ...words: readonly string[]): Ran =>
  spawnSync(process.execPath, [cli(program), ...words], {
    encoding: 'utf8',
    env: { ...process.env, ...environment, PATH, NO_COLOR: '1' },
  });

const operate = (...words: readonly string[]): Ran => run('operate', '--by', 'Zoë', ...words);

describe('npm run operate', () => {
  it('shows the status as a table, and as JSON', () => {
    const { status, stdout } = operate('status');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^QUEUE {2}/);
    expect(stdout).toMatch(/type +runnable +wanted +allowed +machines +next\n/);
    const json = operate('--json', 'status');
    expect(JSON.parse(json.stdout)).toMatchObject({ result: 'status', types: expect.any(Array) as unknown });
  });

  it('records orders in the name of who gives them, and shows them', () => {
    expect(operate('pause', 'aarch64-linux', '--minutes', '600')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('aarch64-linux is paused for 600 minutes') as unknown,
    });
    expect(operate('status').stdout).toMatch(/ORDERS\n {2}aarch64-linux: paused by hand \(Zoë\) for \d+ min/);
    expect(operate('resume', '--everything').stdout).toContain('aarch64-linux resumed');
  });

  it('explains, plans and examines', () => {
    expect(operate('explain', 'aarch64-linux').stdout).toMatch(
      /^aarch64-linux has no machines .* is allowed 0/,
    );
    expect(operate('explain', '--steps', 'riscv64-linux:kvm').stdout).toMatch(
      /no machine type\s+covers riscv64-linux:kvm/,
    );
    expect(operate('plan').stdout).toContain('nothing was sent');
    const doctor = operate('doctor');
    expect(doctor.stdout).toMatch(/✓ good {2}Hydra host over SSM/);
    expect(doctor.status).toBe(0);
  });

  it('says what is right when it is not understood, with exit code 2', () => {
    const wrongType = operate('scale-out', 'sparc-linux', '2');
    expect(wrongType).toMatchObject({ status: 2, stdout: '' });
    expect(wrongType.stderr).toContain('type: must be one of x86_64-linux');
    expect(operate('pause').stderr).toContain('either "type" or "everything"');
    expect(operate('drain', '10.0.0.1').stderr).toContain('must be an instance id');
  });

  it.each([
    [['scael-out'], /unknown command 'scael-out'[^]*scale-out/],
    [['scale-out', 'x86_64-linux', 'many'], /'many' is invalid.*whole number/],
    [['pause', 'x86_64-linux', '--minutes', '0'], /'0' is invalid.*whole number/],
    [['status', '--jsn'], /unknown option '--jsn'/],
    [['drain'], /missing required argument 'machine'/],
  ])('tells %j apart from a failure', (words, remedy) => {
    const { status, stdout, stderr } = operate(...words);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(remedy);
  });

  it('the function itself suggests what may have been meant', async () => {
    const ask = localTarget(environment['AWS_ENDPOINT_URL'] ?? '');
    expect(await ask({ scaleout: { type: 'x86_64-linux', count: 1 } })).toMatchObject({
      result: 'invalid',
      problems: ['scaleout: unknown key; did you mean "scaleOut"?'],
    });
  });

  it('says where it looked when nothing answers', () => {
    const { status, stderr } = operate('--url', 'http://127.0.0.1:9', 'status');
    expect(status).toBe(1);
    expect(stderr).toContain('nothing answers at http://127.0.0.1:9');
    expect(stderr).toContain('npm start');
  });

  it('reaches a function by the aws program too', (context) => {
    needs(context, 'aws');
    const aws = spawnSync('aws', ['--version'], { encoding: 'utf8', env: { ...process.env, PATH } });
    if (aws.status !== 0 || !aws.stdout.startsWith('aws-cli/2')) leaveOut(context, 'needs aws of version 2');
    expect(operate('--function', 'hydra-autoscaler', 'status').stdout).toMatch(/^QUEUE {2}/);
    const wrong = operate('--function', 'nobodys', 'status');
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toContain('Function not found: nobodys');
  });
});

describe('npm run journal', () => {
  const table = (): readonly string[] => ['--table', environment['STATE_TABLE'] ?? ''];
  const farm = ['--config', join(ROOT, 'local/farm.json')];

  it('shows what people did, exports it, and replays the export', () => {
    operate('scale-in', 'aarch64-linux');
    const shown = run('journal', 'replay', ...table(), ...farm);
    expect(shown.stdout).toMatch(/\d\d:\d\d:\d\d {2}Zoë +scaleIn: aarch64-linux is not scaled out by hand/);
    expect(shown.stdout).toMatch(/\d\d:\d\d:\d\d {2}tick done/);
    expect(shown.stdout).toMatch(/planned again, 0 would differ today\n$/);
    const file = join(folder, 'journal.jsonl');
    writeFileSync(file, run('journal', 'export', ...table()).stdout);
    const replayed = run('journal', 'replay', file, ...farm);
    expect(replayed.status).toBe(0);
    expect(replayed.stdout).toBe(shown.stdout);
    const json = run('journal', 'replay', '--json', file, ...farm)
      .stdout.trim()
      .split('\n');
    expect(JSON.parse(json.at(-1) ?? '')).toMatchObject({ kind: 'tick', rounds: [{ differences: [] }] });
  });

  describe('of a region on this machine', () => {
    const url = (): readonly string[] => ['--url', environment['AWS_ENDPOINT_URL'] ?? ''];
    const bare = (...words: readonly string[]): Ran =>
      spawnSync(process.execPath, [cli('journal'), ...words], {
        encoding: 'utf8',
        cwd: folder,
        env: { PATH, NO_COLOR: '1' },
      });

    it('needs neither table, configuration nor credentials', () => {
      operate('scale-in', 'aarch64-linux');
      const shown = bare('replay', ...url());
      expect(shown).toMatchObject({ status: 0, stderr: '' });
      expect(shown.stdout).toMatch(/Zoë +scaleIn: aarch64-linux/);
      expect(shown.stdout).toMatch(/planned again, 0 would differ today\n$/);
      expect(bare('export', ...url()).stdout).toBe(run('journal', 'export', ...table()).stdout);
    });

    it('is not planned with the configuration of another farm', () => {
      const file = join(folder, 'other.json');
      const other = {
        tag: 'other',
        host: { instanceId: 'i-0123456789abcdef0' },
        systemTypes: { 'x86_64-linux': {} },
      };
      writeFileSync(file, JSON.stringify(other));
      const { status, stderr } = bare('replay', ...url(), '--config', file);
      expect(status).toBe(2);
      expect(stderr).toContain('tag: is "other", but the farm there is "local"');
    });

    it('that is not there is told, with what to start or name', () => {
      const { status, stderr } = bare('export', '--url', 'http://127.0.0.1:9');
      expect(status).toBe(1);
      expect(stderr).toMatch(/nothing answers at http:\/\/127\.0\.0\.1:9: .*npm start.*--table/);
      expect(bare('export', '--table', 'nowhere').stderr).toMatch(
        /nowhere cannot be read: .*leave --table out/,
      );
    });
  });

  it('goes on after a line that is no entry, and says so by its exit code', () => {
    const file = join(folder, 'broken.jsonl');
    writeFileSync(file, '{"kind":"tock"}\n');
    const { status, stderr } = run('journal', 'replay', file, ...farm);
    expect(status).toBe(1);
    expect(stderr).toContain('line 1: not an entry of the journal');
  });

  it('asks for a configuration where there is none', () => {
    const { status, stderr } = spawnSync(process.execPath, [cli('journal'), 'replay', '-'], {
      encoding: 'utf8',
      cwd: folder,
      input: '',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('--config');
  });
});
