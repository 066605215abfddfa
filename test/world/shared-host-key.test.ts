/** Machines of a type that all have the host key the configuration pins: in memory, and by scripts that really run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { checkConfig } from '../../lambdas/config-file/config-file.ts';
import { unpaced } from '../../local/world/drive/drive.ts';
import { run } from '../../local/programs/start/run.ts';
import { serveStage } from '../../local/programs/start/served-stage.ts';
import { listedIn } from '../../local/world/judge/machines-file-view.ts';
import { OperateBench, TYPE } from '../operate/bench.ts';

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBA all of the farm';
const type = {
  maxMachines: 2,
  maxJobs: 2,
  runnablesPerMachine: 2,
  billing: 'per-second',
  publicHostKey: KEY,
};

it('are reached, listed and sent away one by one', async () => {
  const bench = new OperateBench({ systemTypes: { [TYPE]: type } });
  await bench.pass(120);
  await bench.ticks(1);
  bench.world.runner.queue({ count: 2, system: TYPE, seconds: 240 });
  bench.world.runner.queue({ count: 1, system: TYPE, seconds: 3000 });
  await bench.ticks(1);
  expect(Object.values(await bench.machines())).toEqual(['ready', 'ready']);
  await bench.ticks(4);
  expect(Object.values(await bench.machines())).toEqual(['ready']);
  await bench.ticks(10);
  expect(await bench.machines()).toEqual({});
  expect(bench.world.judge.violations).toEqual([]);
  expect(bench.world.ledger.done).toBe(3);
});

it('are told apart by those who judge', async () => {
  const bench = new OperateBench({ systemTypes: { [TYPE]: { ...type, minMachines: 2 } } });
  await bench.pass(120);
  await bench.ticks(2);
  const { instances } = bench.world.region;
  const lines = bench.file.read().split('\n');
  const without = lines.filter((line) => !line.includes(`${instances.all[0]?.address} `)).join('\n');
  expect(instances.all.map(listedIn(lines.join('\n'), bench.config))).toEqual([true, true]);
  expect(instances.all.map(listedIn(without, bench.config))).toEqual([false, true]);
});

it('answer the scripts of the Hydra host with it', async () => {
  const temporary = mkdtempSync(path.join(tmpdir(), 'shared-key-'));
  const written = { host: { instanceId: 'mi-0123456789abcdef0' }, systemTypes: { [TYPE]: type } };
  const config = checkConfig('the test', written);
  const searchPath = process.env['PATH'] ?? '';
  const served = await serveStage({ seed: 1, start: 1_772_452_800, written, config, temporary, searchPath });
  Object.assign(process.env, served.environment);
  const build = { system: TYPE, features: [], durationsSeconds: [60] };
  const recorder = await run({
    served,
    workload: [{ ...build, atSeconds: 0 }],
    hours: 0.4,
    faults: [],
    pace: unpaced,
    isStopped: () => false,
    show: () => undefined,
  });
  await served.strike();
  rmSync(temporary, { recursive: true });
  expect(recorder.summary({ hours: 0.4, seed: 1 })).toMatchObject({ buildsDone: 1, violations: 0 });
});
