/** What the shipped scripts find of evaluations on the hosts of `npm start`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentContent } from '../../../infra/documents/documents.ts';
import { decodeAnswer } from '../../../lambdas/hydra/cpp/host-answer.ts';
import { FALLBACKS, HostFiles, PROGRAMS } from '../../../local/world/host/host-files.ts';
import type { World } from '../../../local/world/world.ts';
import { renderScript, runScript } from '../../fakes/ssm-agent.ts';
import { RustFarm } from '../../hydra/rust/rust-farm.ts';
import { OperateBench } from '../../operate/bench.ts';

const HARVESTS = [
  { at: 1000, seconds: 60, kinds: [{ system: 'x86_64-linux', features: ['kvm'], builds: 3 }] },
  {
    ...{ at: 9000, seconds: 80 },
    kinds: [
      { system: 'x86_64-linux', features: ['kvm'], builds: 2 },
      { system: 'aarch64-linux', features: [], builds: 1 },
    ],
  },
];

/** One that runs and has brought builds twice, one that runs for the first time, and one that is over. */
async function evaluating(farm: OperateBench): Promise<void> {
  const { evaluations } = farm.world;
  for (const harvest of HARVESTS) evaluations.remember('p:usual', harvest);
  evaluations.end('p:over');
  evaluations.begin('p:first');
  evaluations.begin('p:usual');
  await farm.pass(60);
}

describe('evaluations on a simulated host', () => {
  let root = '';
  let environment: Record<string, string> = {};
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'evaluation-files-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  function refresh(world: World): HostFiles {
    const files = new HostFiles(root);
    files.refreshHost(world);
    environment = {
      ...files.environment(world.config.host.instanceId),
      ...{ PATH: `${PROGRAMS}:${process.env['PATH'] ?? ''}:${FALLBACKS}`, TMPDIR: root },
    };
    return files;
  }

  it('are what the document that looks tells, by kind', async () => {
    const farm = new OperateBench();
    await evaluating(farm);
    const { world } = farm;
    const { machinesFile } = refresh(world);
    const content = documentContent('observe', {
      ...{ tag: 'farm', launchAhead: true, machineTypes: [{ sshKey: '', targetWaitSeconds: 300 }] },
      host: {
        ...{ runner: 'cpp', restUrl: 'http://127.0.0.1:1', environment: {}, machinesFile },
        statusCommand: ['hydra-queue-runner', '--status'],
      },
    });
    const { stdout } = await runScript(renderScript(content, { probes: '' }), { environment });
    const told = world.evaluations.notice(world.timeline.now);
    expect(told?.evaluations.map(({ jobset }) => jobset).toSorted()).toEqual([
      'p:first',
      'p:over',
      'p:usual',
    ]);
    expect(decodeAnswer(stdout)).toMatchObject({ ok: true, value: { notice: told } });
  });

  const asked = (question: string): string =>
    spawnSync('psql', ['-d', 'hydra', '-c', question], { env: environment, encoding: 'utf8' }).stdout;

  it('are told to a watch once they have run for ten seconds, if they began after it and anything is known of them', async () => {
    const farm = new RustFarm();
    await evaluating(farm);
    const { world } = farm;
    refresh(world);
    const question = (since: number): string =>
      `select … from jobsets where starttime > ${since} … from jobsetevals`;
    const begun = world.timeline.now - 60;
    expect(asked(question(begun - 1))).toBe('p:usual\n');
    expect(asked(question(begun))).toBe('');
  });

  it('are not while the database does not answer', async () => {
    const farm = new RustFarm();
    await evaluating(farm);
    const { world } = farm;
    refresh(world);
    world.runner.database.reachable = false;
    refresh(world);
    expect(asked('… jobsetevalmembers …')).toBe('');
  });
});
