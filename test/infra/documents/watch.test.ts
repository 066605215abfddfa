/** The watch on a host: it waits, says the first thing that is news, and gives way to a later one. */
import { chmodSync, mkdirSync, readFileSync, readdirSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScratchHost, SHELLS } from '../../fakes/scratch-host.ts';
import { NOTHING, cpp, hurry, says, watch } from './watching.ts';

describe.each(SHELLS)('the watch, run by %s', (shell) => {
  let host: ScratchHost;
  const mark = (): string => host.path('var/cache/hydra-autoscaler/watch-ZmFybQ..');
  beforeEach(() => {
    host = new ScratchHost({ shell });
    hurry(host);
    says(host, '{"machines":{},"nrRunnableSteps":0,"status":"up"}');
  });
  afterEach(() => host.remove());

  it('tells more runnable steps of a kind than were answered, and no others', async () => {
    const status = cpp('many-runnable-no-machines');
    says(host, status);
    const { machineTypes } = JSON.parse(status) as { machineTypes: Record<string, { runnable: number }> };
    const [[kind, { runnable }] = ['', { runnable: 0 }]] = Object.entries(machineTypes).filter(
      ([, one]) => one.runnable > 0,
    );
    const others = Object.keys(machineTypes).flatMap((other) => (other === kind ? [] : [`kind ${other} -`]));
    const ask = (line: string) => watch(host, { watched: ['unsupported -', ...others, line] });
    expect(await ask(`kind ${kind} ${runnable}`)).toBe(NOTHING);
    expect(await ask(`kind ${kind} -`)).toBe(NOTHING);
    expect(await ask(`kind ${kind} ${runnable - 1}`)).toBe(`more ${kind} ${runnable}`);
    // A kind that nobody has told it of is news.
    expect(await ask('')).toBe(`more ${kind} ${runnable}`);
  });

  it('tells the first failure of a machine of ours, however the queue runner writes its name', async () => {
    const machine = '{"currentJobs":1,"lastFailure":1763600000}';
    const failed = (key: string) => {
      says(host, `{"machines":{"${key}":${machine}},"status":"up"}`);
      return watch(host, { watched: ['failed 10.0.0.1', 'failed fd00::1'], since: 1_763_599_999 });
    };
    expect(await failed('10.0.0.1')).toBe('failed 10.0.0.1');
    expect(await failed('ssh://builder@10.0.0.1:2222?key=1')).toBe('failed 10.0.0.1');
    expect(await failed('ssh-ng://builder@[fd00::1]:22')).toBe('failed fd00::1');
    expect(await failed('10.0.0.11')).toBe(NOTHING);
    expect(await watch(host, { watched: ['failed 10.0.0.11'], since: 1_763_600_000 })).toBe(NOTHING);
  });

  it('tells no name that could be more than a word, and takes none for one of ours', async () => {
    const strange = '$(touch pwned)","x`id`';
    says(
      host,
      `{"machineTypes":{${JSON.stringify(strange)}:{"runnable":9},"a b":{"runnable":9}},` +
        `"machines":{"nrUnsupportedSteps\\":5,{":{"currentJobs":0}},"nrRunnableSteps":9,"status":"up"}`,
    );
    expect(await watch(host, { watched: ['unsupported 0', 'quiet b'] })).toBe(NOTHING);
  });

  it('looks every five seconds, and less often where a look takes long', async () => {
    expect(await watch(host, { watched: [], seconds: 700, delay: 7 })).toBe(NOTHING);
    const [delay, ...pauses] = host.read('slept').trim().split('\n').map(Number);
    expect(delay).toBe(7);
    // Each look takes six seconds of this clock.
    expect(new Set(pauses)).toEqual(new Set([5 + 20 * 6]));
    expect(pauses.length).toBeGreaterThan(3);
  });

  it('finds nothing where nothing can be believed, and goes on until its time is over', async () => {
    const all = { machineTypes: { 'x86_64-linux': { runnable: 9 } }, nrRunnableSteps: 9 };
    for (const status of ['', 'no JSON', JSON.stringify({ ...all, status: 'down' }), '{"status":"down"}']) {
      says(host, status);
      expect(await watch(host, { watched: [] }), status).toBe(NOTHING);
    }
    host.program('hydra-queue-runner', `echo '${JSON.stringify({ ...all, status: 'up' })}'; exit 1`);
    expect(await watch(host, { watched: [] })).toBe(NOTHING);
    host.program('hydra-queue-runner', `echo '${JSON.stringify({ ...all, status: 'up' })}'`);
    expect(await watch(host, { watched: [] })).toBe('more x86_64-linux 9');
  });

  it('gives way to a later one, and not to one before', async () => {
    expect(await watch(host, { watched: [], turn: 5 })).toBe(NOTHING);
    expect(await watch(host, { watched: [], turn: 4 })).toBe('a later watch is there');
    expect(await watch(host, { watched: [], turn: 5 })).toBe(NOTHING);
    host.program('hydra-queue-runner', `echo '6 1' >'${mark()}'`);
    expect(await watch(host, { watched: [], turn: 5, seconds: 500 })).toBe(
      'another watch has taken its place',
    );
    // Turns have begun anew since.
    utimesSync(mark(), 1_000_000_000, 1_000_000_000);
    says(host, '{}');
    expect(await watch(host, { watched: [], turn: 1 })).toBe(NOTHING);
    expect(host.read('var/cache/hydra-autoscaler/watch-ZmFybQ..')).toMatch(/^1 \d+\n$/);
  });

  it('believes no mark that others could have made, and works without one', async () => {
    const directory = host.path('var/cache/hydra-autoscaler');
    host.file('var/cache/hydra-autoscaler/watch-ZmFybQ..', '9 1\n');
    chmodSync(directory, 0o777);
    expect(await watch(host, { watched: [], turn: 1 })).toBe(NOTHING);
    expect(readFileSync(mark(), 'utf8')).toBe('9 1\n');
  });

  it('leaves nothing behind but its mark, also after one that was killed', async () => {
    mkdirSync(`${mark()}.work.123`, { recursive: true });
    await watch(host, { watched: [] });
    expect(readdirSync(host.path('tmp'))).toEqual([]);
    expect(readdirSync(host.path('var/cache/hydra-autoscaler'))).toEqual(['watch-ZmFybQ..']);
  });
});
