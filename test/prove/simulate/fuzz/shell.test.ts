/** Hostile words through the real adapter, the real SDK and the real scripts, to a real shell and a real file. */
import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseMachinesConfig } from '../../../../local/world/queue-runner/machines-config.ts';
import { HydraHostBench, offer, trying } from '../../../hydra/cpp/hydra-host-bench.ts';
import { HOSTILE, MARK } from './hostile.ts';

let bench: HydraHostBench;

beforeAll(async () => {
  bench = await HydraHostBench.start();
});

afterAll(async () => {
  await bench.stop();
});

/** Nobody has made the file that every hostile word tries to make. */
function expectNothingRan(): void {
  expect(existsSync(MARK)).toBe(false);
  const made = readdirSync(bench.machine.root, { recursive: true }).map(String);
  expect(made.filter((name) => name.includes(MARK))).toEqual([]);
}

const oneLine = HOSTILE.filter((word) => word !== '' && !/[\n\0\ud800]/.test(word) && word.length <= 1000);

describe('hostile words', () => {
  it.each(oneLine)('as an argument of the status command arrive as they are: %j', async (word) => {
    bench.machine.program('hydra-queue-runner', `printf '%s' "$2" | od -An -c >&2; echo '{"status":"down"}'`);
    const host = bench.hostWith({ statusCommand: ['hydra-queue-runner', '--status', word] });

    expect((await host.look(trying())).queue).toMatchObject({ trusted: false, cause: 'down' });
    expectNothingRan();
  });

  it.each(oneLine)('as a value of the environment are only a value: %j', async (word) => {
    bench.runnerPrints('{"status":"down"}');
    const host = bench.hostWith({ environment: { HYDRA_DBI: word } });

    expect((await host.look(trying())).queue).toMatchObject({ trusted: false, cause: 'down' });
    expectNothingRan();
  });

  it.each(HOSTILE)('as a feature reach the machines file whole or not at all: %j', async (word) => {
    const wanted = [offer('10.0.0.1'), offer('10.0.0.2', { supportedFeatures: [word], features: [word] })];
    const before = bench.hasFile ? bench.file : '';
    const outcome = await bench.host.offer(wanted, undefined, false).then(
      () => 'written',
      () => 'refused',
    );

    const after = bench.hasFile ? bench.file : '';
    if (outcome === 'refused') expect(after).toBe(before);
    else
      expect([...parseMachinesConfig(after).values()].map(({ address }) => address)).toEqual([
        '10.0.0.1',
        '10.0.0.2',
      ]);
    expectNothingRan();
  });

  it.each(HOSTILE)('as an address or key of a probe are never tried: %j', async (word) => {
    bench.runnerPrints('{"status":"down"}');
    bench.machine.program('ssh', `touch '${bench.machine.path('tried')}'; exit 255`);
    const probes = [
      { instanceId: 'i-00000001', address: word, hostKey: 'ssh-ed25519 AAAA' },
      { instanceId: 'i-00000002', address: '10.0.0.1', hostKey: word },
    ];

    const { readiness: results } = await bench.host.look(trying(...probes));
    expect(results.some(({ reached }) => reached)).toBe(false);
    expectNothingRan();
  });
});
