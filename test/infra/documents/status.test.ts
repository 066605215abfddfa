import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodePart, unpackPayload } from '../../../lambdas/hydra/payload.ts';
import { parseQueueStatus } from '../../../lambdas/hydra/cpp/queue-status.ts';
import { realProgram, ScratchHost } from '../../fakes/scratch-host.ts';
import { needs } from '../../needs.ts';
import { observe, statusIn } from './observing.ts';

const CAPTURES = new URL('../../fixtures/hydra-status/', import.meta.url);
const captures = readdirSync(CAPTURES).filter((name) => name.endsWith('.json'));
const capture = (name: string): string => readFileSync(new URL(name, CAPTURES), 'utf8');

/** The judgement of a status seen at the moment it was made. */
function judge(stdout: string) {
  const hostNow = Number(/"time":(\d+)/.exec(stdout)?.[1] ?? 0);
  return parseQueueStatus({ exitCode: 0, stdout, hostNow });
}

/** A status of a farm with `count` machines, as the queue runner prints it, features and statistics included. */
function statusOf(count: number): string {
  const { machines, ...rest } = JSON.parse(capture('running-with-done-steps.json'));
  const [busy] = Object.values<object>(machines);
  const many = Array.from({ length: count }, (_, index) => [
    `ssh://root@10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    {
      ...busy,
      currentJobs: (index * 7919) % 5,
      nrStepsDone: index,
      lastFailure: 1_700_000_000 + index * 977,
    },
  ]);
  return `${JSON.stringify({ ...rest, machines: Object.fromEntries(many) })}\n`;
}

let host: ScratchHost;
beforeEach(() => {
  host = new ScratchHost();
});
afterEach(() => host.remove());

function runnerPrints(status: string): void {
  const file = host.file('status.json', status);
  host.program('hydra-queue-runner', `exec cat '${file}'`);
}

const projections: readonly (readonly [string, readonly string[]])[] = [
  ['jq', ['jq']],
  ['nix-instantiate', ['nix-instantiate']],
  ['neither', []],
];

describe.each(projections)('a status on a host with %s', (name, tools) => {
  // Without a tool nothing can be changed on the way.
  const files = tools.length > 0 ? captures : captures.slice(0, 3);

  beforeEach((context) => {
    needs(context, ...tools);
    host.tools(...tools);
  });

  it.each(files)('is judged the same after the way from the host: %s', async (file) => {
    runnerPrints(capture(file));
    expect(judge(statusIn(await observe(host)))).toEqual(judge(capture(file)));
  });

  it('loses only what nobody reads', async () => {
    runnerPrints(capture('running-with-done-steps.json'));
    const { jobsets, store, machines, ...rest } = JSON.parse(capture('running-with-done-steps.json'));
    const sent = JSON.parse(statusIn(await observe(host)));
    if (name === 'neither') expect(sent).toEqual({ jobsets, store, machines, ...rest });
    else {
      expect(Object.keys(sent).toSorted()).toEqual([...Object.keys(rest), 'machines'].toSorted());
      expect(Object.keys(sent.machines)).toEqual(Object.keys(machines));
      expect(JSON.stringify(sent.machines)).not.toContain('supportedFeatures');
    }
  });

  it.each(['not json', '[1,2]', '"up"', '{"machines":[1]}', '{"machines":{"a":null}}', '{', ''])(
    'comes as it is where it is odd: %s',
    async (odd) => {
      runnerPrints(odd);
      expect(statusIn(await observe(host)).trim()).toBe(odd);
    },
  );
});

describe('a projection that hangs or fails', () => {
  it.each(['exit 3', `echo '{"cut":'; exit 1`, 'exec sleep 60'])(
    'is done without: jq does %s',
    async (script) => {
      host.program('jq', script);
      host.program(
        'timeout',
        `[ "$3" = 5 ] && shift 3 && set -- -k 1 0.2 "$@"; exec ${realProgram('timeout')} "$@"`,
      );
      runnerPrints(capture('running-3-machines.json'));
      expect(statusIn(await observe(host))).toBe(capture('running-3-machines.json'));
    },
  );
});

describe('a status too long for one answer', () => {
  it('comes in parts of the same snapshot, whatever the queue runner says meanwhile', async () => {
    const status = statusOf(3000);
    runnerPrints(status);
    const { payload } = await observe(host);
    expect(payload.length).toBeGreaterThan(23_000);
    runnerPrints('{"status":"down"}');
    await observe(host);

    let { text } = payload;
    while (text.length < payload.length) {
      const result = await host.run('fetch', { sha256: payload.sha256, offset: String(text.length) });
      expect(result.stdout.length).toBeLessThan(23_999);
      const part = decodePart(result.stdout, payload.sha256, text.length);
      text += part.ok ? part.value : expect.fail(part.problem.says);
    }
    expect(unpackPayload({ ...payload, text })).toEqual({ ok: true, value: status });
  });

  it('shrinks to a single part with jq', async (context) => {
    needs(context, 'jq');
    host.tools('jq');
    runnerPrints(statusOf(500));
    const { payload } = await observe(host);
    expect(payload.text).toHaveLength(payload.length);
  });

  it('is kept where only the agent’s user can read it', async () => {
    runnerPrints(statusOf(3000));
    host.tools('touch');
    const { payload } = await observe(host);
    const [directory = ''] = readdirSync(host.path('tmp'));
    expect(readdirSync(host.path(`tmp/${directory}`))).toEqual([payload.sha256]);
    host.program('show', `stat -c %a '${host.path('tmp')}'/*/ '${host.path('tmp')}'/*/*`);
    expect(
      statusIn(await observe(host, { command: ['show'] }))
        .split('\n')
        .slice(0, 2),
    ).toContain('700');
    await observe(host, { command: ['touch', '-d', '2020-01-01', host.path(`tmp/${directory}`)] });
    await observe(host, { command: ['true'] });
    expect(readdirSync(host.path('tmp'))).toEqual([]);
  });

  it('is refused when the snapshot is gone, or another file lies under its name', async () => {
    const sha256 = 'a'.repeat(64);
    const gone = await host.run('fetch', { sha256, offset: '0' });
    expect(gone).toMatchObject({ exitCode: 66, stdout: '' });
    expect(gone.stderr).toContain('gone');
    host.file(`tmp/hydra-autoscaler.planted/${sha256}`, 'secret');
    expect(await host.run('fetch', { sha256, offset: '0' })).toMatchObject({ exitCode: 66, stdout: '' });
  });
});
