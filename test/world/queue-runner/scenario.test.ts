import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { replay } from '../../../local/world/queue-runner/replay.ts';
import { parseScenario, ScenarioError } from '../../../local/world/queue-runner/scenario.ts';

const machines = { t: 0, do: 'machines', file: 'ssh://root@a x86_64-linux - 2\n' };
const start = { t: 0.5, do: 'start-runner' };
const up = { a: 'up' };

const play = (
  events: readonly object[],
  times: readonly number[],
): { exit: number; status: Record<string, unknown> | null }[] =>
  replay(parseScenario({ events: [machines, start, ...events], initialBuilders: up }), times).samples.map(
    ({ result }) => ({
      exit: result.exit,
      status: result.stdout === '' ? null : (JSON.parse(result.stdout) as Record<string, unknown>),
    }),
  );

const queue = { do: 'queue', count: 3, system: 'x86_64-linux', seconds: 10 };

describe('a scenario', () => {
  it('names every unknown event and every bad one at once', () => {
    const parse = (): unknown =>
      parseScenario({
        events: [
          { t: 1, do: 'fly' },
          { t: 2, do: 'queue', system: 'x' },
          { t: 3, do: 'kill-builder' },
        ],
      });
    expect(parse).toThrow(ScenarioError);
    expect(parse).toThrow(/events\.0: unknown event "fly"; known are queue, cancel/);
    expect(parse).toThrow(/events\.1 \(queue\)\.count/);
    expect(parse).toThrow(/events\.2 \(kill-builder\)\.host/);
  });

  it('names what is wrong with the rest', () => {
    expect(() => parseScenario({ settings: { maxLocalWorkerThreads: 0 } })).toThrow(
      /settings\.maxLocalWorkerThreads[^]*events/,
    );
  });

  it.each<[string, object[], { exit: number; status: Record<string, unknown> | null }]>([
    ['stop-runner', [{ t: 5, do: 'stop-runner' }], { exit: 0, status: { status: 'down' } }],
    ['kill-runner', [{ t: 5, do: 'kill-runner' }], { exit: 1, status: { status: 'up' } }],
    [
      'kill-runner, unlock',
      [
        { t: 5, do: 'kill-runner' },
        { t: 6, do: 'unlock' },
      ],
      { exit: 0, status: { status: 'down' } },
    ],
    ['restart-runner', [{ t: 5, do: 'restart-runner' }], { exit: 0, status: { status: 'up', uptime: 5 } }],
    ['hang-runner', [{ t: 5, do: 'hang-runner' }], { exit: 1, status: { uptime: 1 } }],
    [
      'hang-runner, resume-runner',
      [
        { t: 5, do: 'hang-runner' },
        { t: 6, do: 'resume-runner' },
      ],
      { exit: 0, status: { uptime: 10 } },
    ],
    ['stop-database', [{ t: 5, do: 'stop-database' }], { exit: 1, status: null }],
    ['queue', [{ t: 2, ...queue }], { exit: 0, status: { nrActiveSteps: 2, nrRunnableSteps: 1 } }],
    [
      'queue, cancel',
      [
        { t: 2, ...queue },
        { t: 3, do: 'cancel' },
      ],
      { exit: 0, status: { nrQueuedBuilds: 0 } },
    ],
    [
      'queue, cancel some',
      [
        { t: 2, ...queue },
        { t: 3, do: 'cancel', count: 2 },
      ],
      { exit: 0, status: { nrQueuedBuilds: 1 } },
    ],
    [
      'queue, cancel others',
      [
        { t: 2, ...queue },
        { t: 3, do: 'cancel', tag: 'x' },
      ],
      { exit: 0, status: { nrQueuedBuilds: 3 } },
    ],
    [
      'queue, kill-builder',
      [
        { t: 2, ...queue },
        { t: 5, do: 'kill-builder', host: 'a' },
      ],
      { exit: 0, status: { nrRetries: 2 } },
    ],
    ['remove-machines', [{ t: 2, do: 'remove-machines' }], { exit: 0, status: { nrDispatcherWakeups: 2 } }],
  ])('plays %s', (_, events, expected) => {
    const [, sample] = play(events, [1.5, 10.5]);
    expect(sample).toMatchObject(expected);
  });

  it('reads the machines file in the recorded phase, of each start', () => {
    const scenario = parseScenario({
      initialBuilders: up,
      machinesPollPhases: [42, 110],
      events: [start, { t: 1, do: 'machines', file: 'ssh://a x\n' }, { t: 70, do: 'restart-runner' }],
    });
    const uris = replay(scenario, [11.9, 12.1, 79.8, 80.1]).samples.map(({ result }) =>
      Object.keys((JSON.parse(result.stdout) as { machines: object }).machines),
    );
    expect(uris).toEqual([[], ['ssh://a'], [], ['ssh://a']]);
  });
});

describe('npm run hydra-replay', () => {
  const directories: string[] = [];
  const folder = (files: Record<string, string>): string => {
    const directory = mkdtempSync(join(tmpdir(), 'hydra-replay-'));
    directories.push(directory);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    return directory;
  };
  const cli = (...args: string[]): { code: number | null; lines: string[]; stderr: string } => {
    const script = join(import.meta.dirname, '../../../local/programs/hydra-replay.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
    return { code: status, lines: stdout.trimEnd().split('\n'), stderr };
  };
  afterEach(() => {
    for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
  });

  it('prints one line a call, and with --builds one a build', () => {
    const events = [machines, start, { t: 2, ...queue, tag: 'x' }];
    const directory = folder({
      'scenario.json': JSON.stringify({ events, initialBuilders: up, end: 40 }),
      'status.jsonl': '{"t":0}\n{"t":5.001,"exit":0,"status":{}}\n',
    });
    const { code, lines } = cli(directory, '--builds');
    expect(code).toBe(0);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { t: 0, exit: 0, status: { status: 'down' } },
      {
        t: 5.001,
        exit: 0,
        status: { status: 'up', nrQueuedBuilds: 3, buildReadTimeAvgMs: expect.any(Number) as number },
      },
      { job: 'x-1', status: 'succeeded', buildStatus: 0, stepsTried: 1, machines: ['ssh://root@a'] },
      { job: 'x-2' },
      { job: 'x-3' },
    ]);
    expect(cli(directory).lines).toHaveLength(2);
  });

  it.each<[string, Record<string, string>, string[], string]>([
    [
      'an unknown event',
      { 'scenario.json': '{"events":[{"t":1,"do":"fly"}]}', 'status.jsonl': '' },
      [],
      '"fly"',
    ],
    ['broken JSON', { 'scenario.json': '{', 'status.jsonl': '' }, [], 'JSON'],
    ['a missing file', { 'scenario.json': '{"events":[]}' }, [], 'status.jsonl'],
    [
      'a sample without t',
      { 'scenario.json': '{"events":[]}', 'status.jsonl': '{"exit":0}\n' },
      [],
      'status.jsonl:1',
    ],
    ['a bad seed', { 'scenario.json': '{"events":[]}', 'status.jsonl': '' }, ['--seed', 'x'], '--seed'],
    ['an unknown option', {}, ['--fly'], '--fly'],
  ])('exits 2 on %s', (_, files, args, complaint) => {
    const { code, stderr } = cli(folder(files), ...args);
    expect(stderr).toContain(complaint);
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(2);
  });

  it('explains itself', () => {
    const { code, lines } = cli('--help');
    expect(code).toBe(0);
    expect(lines.join('\n')).toContain('--builds');
  });
});
