/** `npm run check` as people and scripts run it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configFile, example } from '../infra/synth.ts';
import { begin } from './program.ts';
import type { Ended } from './program.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'check-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const check = (...args: readonly string[]): Promise<Ended> => begin(directory, 'check', ...args).ended;

const EXAMPLE = 'examples/nixos-host/autoscaler.json';
const BAD = `{ // everything at once
  "host": { "instanceId": "i-0a1b2c3d4e5f60718" },
  "tag": "a", "tag": "b",
  "systemTypes": {
    "x86_64-linux": { "spot": true, "gracePeriod": "10m", "minMachines": 5, "supportedFeatures": ["kvm"], "billing": "auto" },
  },
  "deploy": { "hydraSource": "10.0.0.5/32", "builder": { "diskIops": 3000, "diskThroughput": 1000 } },
}`;

describe('npm run check', () => {
  it('passes what can be deployed, with warnings apart, and says what it is', async () => {
    const { code, stdout, stderr } = await check(configFile(example()), EXAMPLE);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('fine: 2 machine types, at most 20 machines\n');
    expect(stdout).toContain('fine: 2 machine types, at most 20 machines, 3 warnings');
    expect(stdout).toMatch(/warning: deploy\.queueRunnerKey\n +is still that of the example/);
  });

  it('tells what is wrong with shape, rules and deployment in one go, each with place and remedy', async () => {
    const file = path.join(directory, 'bad.json');
    writeFileSync(file, BAD);
    const { code, stdout } = await check(file);
    expect(code).toBe(1);
    const text = stdout.replaceAll(/\s+/g, ' ');
    for (const words of [
      'bad.json: 7 problems',
      '3:15 tag stands here a second time',
      '5:23 systemTypes.x86_64-linux.spot unknown key; use "market"',
      '5:37 systemTypes.x86_64-linux.gracePeriod must be a number of seconds, is "10m"; write 600',
      '5:59 systemTypes.x86_64-linux.minMachines is 5, but maxMachines is 1',
      '7:3 deploy.queueRunnerKey is missing',
      'deploy.builders.x86_64-linux.nestedVirtualization is off',
      'deploy.builders.x86_64-linux.diskThroughput of 1000 needs diskIops',
    ])
      expect(text).toContain(words);
  });

  it('warns of settings that cost more than they bring, each with its figure', async () => {
    const file = path.join(directory, 'dear.json');
    const type = { maxJobs: 4, runnablesPerMachine: 1, gracePeriod: 600 };
    writeFileSync(file, JSON.stringify({ ...example(), systemTypes: { 'x86_64-linux': type } }));
    const { code, stdout } = await check('--json', file);
    expect(code).toBe(0);
    const { files } = JSON.parse(stdout) as { files: { warnings: { path: string; message: string }[] }[] };
    const told = files[0]?.warnings.map(({ path: at, message }) => `${at} ${message}`) ?? [];
    expect(told).toEqual([
      expect.stringMatching(/^systemTypes\.x86_64-linux\.billing is "hourly".* 1\.5 times/),
      expect.stringMatching(/^systemTypes\.x86_64-linux\.runnablesPerMachine is 1.* 4 times/),
    ]);
  });

  it('tells programs the same as JSON, and what cannot be read from what is wrong', async () => {
    const bad = path.join(directory, 'bad.json');
    writeFileSync(bad, BAD);
    const { code, stdout } = await check('--json', bad, path.join(directory, 'none.json'));
    expect(code).toBe(2);
    const { files } = JSON.parse(stdout) as { files: { problems: object[]; [key: string]: unknown }[] };
    expect(files).toMatchObject([
      { file: bad, readable: true, warnings: [] },
      {
        readable: false,
        problems: [{ path: '', message: expect.stringContaining('cannot be read') as string }],
      },
    ]);
    expect(files[0]?.problems).toHaveLength(7);
    expect(files[0]?.problems[0]).toMatchObject({ path: 'tag', line: 3, column: 15 });
  });
});
