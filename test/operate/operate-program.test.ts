/** `npm run operate` and `npm run journal` as people run them, against the region of `npm run region`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localTarget } from '../../local/programs/operate/target.ts';
import { launch } from '../programs/program.ts';
import type { Ended, Running } from '../programs/program.ts';

const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'hydra-autoscaler-operate-'));

let region: Running;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  region = launch('region', ['--port', '0', '--speed', '50', '--json']);
  ({ environment } = JSON.parse(await region.speaks) as { environment: Record<string, string> });
});

afterAll(async () => {
  region.signal('SIGTERM');
  await region.ended;
  rmSync(folder, { recursive: true, force: true });
});

const run = (program: string, ...words: readonly string[]): Promise<Ended> =>
  launch(program, words, { env: { ...process.env, ...environment, NO_COLOR: '1' } }).ended;

const operate = (...words: readonly string[]): Promise<Ended> => run('operate', '--by', 'Zoë', ...words);

describe('npm run operate', () => {
  it('shows the status as a table, and as JSON', async () => {
    const { code, stdout } = await operate('status');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^QUEUE {2}/);
    expect(stdout).toMatch(/type +runnable +wanted +allowed +machines +next\n/);
    const json = await operate('--json', 'status');
    expect(JSON.parse(json.stdout)).toMatchObject({ result: 'status', types: expect.any(Array) as unknown });
  });

  it('records orders in the name of who gives them, and shows them', async () => {
    expect(await operate('pause', 'aarch64-linux', '--minutes', '600')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('aarch64-linux is paused for 600 minutes') as unknown,
    });
    expect((await operate('status')).stdout).toMatch(
      /ORDERS\n {2}aarch64-linux: paused by hand \(Zoë\) for \d+ min/,
    );
    expect((await operate('resume', '--everything')).stdout).toContain('aarch64-linux resumed');
  });

  it('watches until it is told to end, one line a change', async () => {
    const env = { ...process.env, ...environment, NO_COLOR: '1' };
    const watching = launch('operate', ['watch', '--every', '1'], { env });
    await watching.speaks;
    watching.signal('SIGINT');
    const { code, stdout } = await watching.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\w{3} \d+ \w{3} \d\d:\d\d {2}queue status: /);
    expect(stdout).toMatch(/ {2}aarch64-linux: keep 0 \(/);
  });

  it('explains, plans and examines', async () => {
    expect((await operate('explain', 'aarch64-linux')).stdout).toMatch(
      /^aarch64-linux has no machines .* is allowed 0/,
    );
    expect((await operate('explain', '--steps', 'riscv64-linux:kvm')).stdout).toMatch(
      /no machine type\s+covers riscv64-linux:kvm/,
    );
    expect((await operate('plan')).stdout).toContain('nothing was sent');
    const doctor = await operate('doctor');
    expect(doctor.stdout).toMatch(/✓ good {2}Hydra host over SSM/);
    expect(doctor.code).toBe(0);
  });

  it('says what is right when it is not understood, with exit code 2', async () => {
    const wrongType = await operate('scale-out', 'sparc-linux', '2');
    expect(wrongType).toMatchObject({ code: 2, stdout: '' });
    expect(wrongType.stderr).toContain('type: must be one of x86_64-linux');
    for (const words of [[], ['aarch64-linux', '--steps', 'aarch64-linux']]) {
      const { code, stderr } = await operate('explain', ...words);
      expect([code, stderr]).toEqual([2, expect.stringContaining('name a machine type, or a machine')]);
    }
    expect((await operate('pause')).stderr).toContain('either "type" or "everything"');
    expect((await operate('drain', '10.0.0.1')).stderr).toContain('must be an instance id');
  });

  it.each([
    [['scael-out'], /unknown command 'scael-out'[^]*scale-out/],
    [['scale-out', 'x86_64-linux', 'many'], /'many' is invalid.*whole number/],
    [['pause', 'x86_64-linux', '--minutes', '0'], /'0' is invalid.*whole number/],
    [['status', '--jsn'], /unknown option '--jsn'/],
    [['drain'], /missing required argument 'machine'/],
  ])('tells %j apart from a failure', async (words, remedy) => {
    const { code, stdout, stderr } = await operate(...words);
    expect(code).toBe(2);
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

  it('says where it looked when nothing answers', async () => {
    const { code, stderr } = await operate('--url', 'http://127.0.0.1:9', 'status');
    expect(code).toBe(1);
    expect(stderr).toContain('nothing answers at http://127.0.0.1:9');
    expect(stderr).toContain('npm start');
  });

  it.each([
    ['HTML', 404, '<!doctype html><h1>Not Found</h1>', /no region of ours but another program: .*--url/],
    ['JSON of its own', 200, '{"status":"ok"}', /no answer of hydra-autoscaler: \{"status":"ok"\}/],
  ])('says so where another program answers with %s', async (_what, code, body, remedy) => {
    const server = createServer((_request, response) => response.writeHead(code).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const asked = localTarget(`http://127.0.0.1:${port}`)({ status: true });
    await expect(asked).rejects.toThrow(remedy);
    await expect(asked).rejects.not.toThrow(/<h1>/);
    server.close();
  });

  it('says so where another program does not even speak HTTP', async () => {
    const server = createTcpServer((socket) => socket.end('220 mail.example.org ESMTP\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const asked = localTarget(`http://127.0.0.1:${port}`)({ status: true });
    await expect(asked).rejects.toThrow(/no region of ours but another program/);
    server.close();
  });

  it('says that no schedule runs, where orders wait for a tick', async () => {
    const { stdout, stderr } = await operate('pause', 'aarch64-linux', '--minutes', '1');
    expect(stdout).toMatch(/else with\s+the\s+next\s+one/);
    expect(stderr).toContain('Note: no schedule runs in this region; "npm run operate -- tick" runs a tick');
    await operate('resume', '--everything');
  });

  it('reaches a function by its name, as Lambda has it', async () => {
    expect((await operate('--function', 'hydra-autoscaler', 'status')).stdout).toMatch(/^QUEUE {2}/);
    const wrong = await operate('--function', 'nobodys', 'status');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('Function not found: nobodys');
  });
});

describe('npm run journal', () => {
  const table = (): readonly string[] => ['--table', environment['STATE_TABLE'] ?? ''];
  const farm = ['--config', join(ROOT, 'local/programs/farm.json')];

  it('shows what people did, exports it, and replays the export', async () => {
    await operate('scale-in', 'aarch64-linux');
    const shown = await run('journal', 'replay', ...table(), ...farm);
    expect(shown.stdout).toMatch(/\d\d:\d\d:\d\d {2}Zoë +scaleIn: aarch64-linux is not scaled out by hand/);
    expect(shown.stdout).toMatch(/\d\d:\d\d:\d\d {2}tick done/);
    expect(shown.stdout).toMatch(/planned again, 0 would differ today\n$/);
    const file = join(folder, 'journal.jsonl');
    writeFileSync(file, (await run('journal', 'export', ...table())).stdout);
    const replayed = await run('journal', 'replay', file, ...farm);
    expect(replayed.code).toBe(0);
    expect(replayed.stdout).toBe(shown.stdout);
    const json = (await run('journal', 'replay', '--json', file, ...farm)).stdout.trim().split('\n');
    expect(JSON.parse(json.at(-1) ?? '')).toMatchObject({ kind: 'tick', rounds: [{ differences: [] }] });
  });

  describe('of a region on this machine', () => {
    const url = (): readonly string[] => ['--url', environment['AWS_ENDPOINT_URL'] ?? ''];
    const bare = (...words: readonly string[]): Promise<Ended> =>
      launch('journal', words, { cwd: folder, env: { PATH: process.env['PATH'], NO_COLOR: '1' } }).ended;

    it('needs neither table, configuration nor credentials', async () => {
      await operate('scale-in', 'aarch64-linux');
      const shown = await bare('replay', ...url());
      expect(shown).toMatchObject({ code: 0, stderr: '' });
      expect(shown.stdout).toMatch(/Zoë +scaleIn: aarch64-linux/);
      expect(shown.stdout).toMatch(/planned again, 0 would differ today\n$/);
      expect((await bare('export', ...url())).stdout).toBe(
        (await run('journal', 'export', ...table())).stdout,
      );
    });

    it('is not planned with the configuration of another farm', async () => {
      const file = join(folder, 'other.json');
      const other = {
        tag: 'other',
        host: { instanceId: 'i-0123456789abcdef0' },
        systemTypes: { 'x86_64-linux': {} },
      };
      writeFileSync(file, JSON.stringify(other));
      const { code, stderr } = await bare('replay', ...url(), '--config', file);
      expect(code).toBe(2);
      expect(stderr).toContain('tag: is "other", but the farm there is "local"');
    });

    it('that is not there is told, with what to start or name', async () => {
      const { code, stderr } = await bare('export', '--url', 'http://127.0.0.1:9');
      expect(code).toBe(1);
      expect(stderr).toMatch(/nothing answers at http:\/\/127\.0\.0\.1:9: .*npm start.*--table/);
      expect((await bare('export', '--table', 'nowhere')).stderr).toMatch(
        /nowhere cannot be read: .*leave --table out/,
      );
    });
  });

  it('goes on after a line that is no entry, and says so by its exit code', async () => {
    const file = join(folder, 'broken.jsonl');
    writeFileSync(file, '{"kind":"tock"}\n');
    const { code, stderr } = await run('journal', 'replay', file, ...farm);
    expect(code).toBe(1);
    expect(stderr).toContain('line 1: not an entry of the journal');
  });

  it('complains of the file that was asked for, not of what else it would need', async () => {
    const { code, stderr } = await launch('journal', ['replay', '/nope'], { cwd: folder }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\/nope cannot be read: ENOENT/);
  });

  it('asks for a configuration where there is none', async () => {
    const { code, stderr } = await launch('journal', ['replay', '-'], { cwd: folder }).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('--config');
  });
});
