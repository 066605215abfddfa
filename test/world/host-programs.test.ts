import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DocumentContent, documentContent } from '../../infra/documents/documents.ts';
import { decodeAnswer } from '../../lambdas/hydra/cpp/host-answer.ts';
import { FALLBACKS, PROGRAMS } from '../../local/world/host/host-files.ts';
import { startRest } from '../../local/world/host/rest-server.ts';
import { renderScript, runScript } from '../fakes/ssm-agent.ts';
import { answerIn, captured } from '../infra/documents/rust-host.ts';

describe('the programs of a simulated Hydra host', () => {
  let root: string;
  let searchPath = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'host-programs-'));
    searchPath = process.env['PATH'] ?? '';
    put('world/now', '1795825666\n');
    put('world/status.stdout', '{"status":"up"}\n');
    put('world/status.stderr', '');
    put('world/status.exit', '0\n');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function put(name: string, text: string): void {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }

  async function run(
    content: DocumentContent,
    parameters: Readonly<Record<string, string>>,
  ): Promise<string> {
    const environment = {
      ...{ PATH: `${PROGRAMS}:${searchPath}:${FALLBACKS}`, HYDRA_WORLD: join(root, 'world') },
      HYDRA_NODE: process.execPath,
      ...{ HYDRA_AUTOSCALER_ROOT: join(root, 'root'), TMPDIR: root },
    };
    return (await runScript(renderScript(content, parameters), { environment })).stdout;
  }

  /** What `observe` prints there. @param restUrl by default one that nobody listens at. */
  function observe(restUrl = 'http://127.0.0.1:1'): Promise<string> {
    const host = { runner: 'auto', restUrl, environment: {} } as const;
    const files = { statusCommand: ['hydra-queue-runner', '--status'], machinesFile: join(root, 'machines') };
    const content = documentContent('observe', {
      tag: 'farm',
      launchAhead: true,
      host: { ...host, ...files },
      machineTypes: [],
    });
    return run(content, { probes: '' });
  }

  it('have it be a C++ one where the world has put down no REST interface', async () => {
    expect(decodeAnswer(await observe())).toMatchObject({ ok: true, value: { exitCode: 0 } });
  });

  it('have it be a Rust one where the world has put one down', async () => {
    const answered = (text: string, code = 200) => ({ kind: 'answered', code, text }) as const;
    await using rest = await startRest(() => ({
      status: answered(captured('05-running-saturated.status.json')),
      queues: answered(captured('05-running-saturated.status-queues.json')),
      active: answered('db', 500),
      busy: new Map(),
      spoilt: new Map(),
      unfinished: 34,
    }));
    put('root/units/hydra-queue-runner-rest.socket', 'LoadState=loaded\n');
    put('world/database', 'unfinished 34\n');
    expect(answerIn(await observe(rest.url))).toMatchObject({
      unfinished: 34,
      hostNow: 1_795_825_666,
      curl: { exit: 0, http: 200 },
      unit: 'hydra-queue-runner-rest.socket',
      activeHttp: 500,
      demand: [{ system: 'aarch64-linux' }, { system: 'x86_64-linux', running: 2 }],
    });
  });

  it('bring along what of curl is needed where this machine has none', async () => {
    searchPath = join(root, 'bin');
    mkdirSync(searchPath);
    const names = new Set(['/bin', '/usr/bin'].flatMap((directory) => readdirSync(directory)));
    names.delete('curl');
    for (const name of names) {
      const directory = existsSync(join('/usr/bin', name)) ? '/usr/bin' : '/bin';
      symlinkSync(join(directory, name), join(searchPath, name));
    }
    const answered = {
      kind: 'answered',
      code: 200,
      text: captured('05-running-saturated.status.json'),
    } as const;
    await using rest = await startRest(() => ({
      ...{ status: answered, queues: answered, active: answered },
      ...{ busy: new Map(), spoilt: new Map(), unfinished: 34 },
    }));
    expect(answerIn(await observe(rest.url))).toMatchObject({ curl: { exit: 0, http: 200 } });
    put('world/status.exit', '2\n');
    put('root/units/hydra-queue-runner-rest.socket', 'LoadState=loaded\n');
    expect(answerIn(await observe())).toMatchObject({ curl: { exit: 7, http: 0 } });
  });

  it('have it be a Rust one that is down where there is nothing but its unit', async () => {
    put('world/status.exit', '2\n');
    put('root/units/hydra-queue-runner-rest.socket', 'LoadState=loaded\n');
    expect(answerIn(await observe())).toMatchObject({ curl: { exit: 7, http: 0 } });
  });

  it('have a builder with a gate, whose service is what the world says', async () => {
    const gate = documentContent('gate');
    expect(await run(gate, { gate: 'close' })).toBe('');
    mkdirSync(join(root, 'root/run/hydra-drain'), { recursive: true });
    put('root/units/hydra-builder.service', 'LoadState=loaded\nActiveState=failed\nExecMainStatus=65\n');
    put('root/journal', 'API version mismatch\n');
    for (const [order, state] of [
      ['close', 'closed'],
      ['open', 'open'],
    ] as const) {
      expect(await run(gate, { gate: order })).toBe(`v1 gate ${state}\n`);
      const journal = Buffer.from('API version mismatch\n').toString('base64');
      expect(await run(documentContent('askBuilder'), {})).toBe(`v1 builder failed 65 ${state} ${journal}\n`);
    }
  });
});
