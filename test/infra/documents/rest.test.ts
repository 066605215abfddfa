import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPrinted } from '../../../lambdas/hydra/rust/status-schema.ts';
import { captured, FIXTURES, frameIn, QUEUES, RustHost } from './rust-host.ts';

const situations = readdirSync(join(FIXTURES, 'hydra-rust')).flatMap((name) =>
  name.endsWith('.status.json') ? name.slice(0, -'.status.json'.length) : [],
);

type Json = Record<string, unknown>;

/** What nobody reads of a machine and of what it tells of itself. */
const DROPPED = new RegExp(
  `^(${[
    'cpuCount|bogomips|(load1|cpuPsi|memPsi|ioPsi)Threshold|score|totalMem|cgroups|substituters|useSubstitutes|nixVersion',
    'avgStep\\w*TimeMs|totalStep(Import|Upload)TimeMs|load\\d+|memUsage|pressure|current(Up|Down)loadingPathCount|jobsInLast30s\\w+',
    'jobs|has(Dynamic|Static)Capacity',
  ].join('|')})$`,
);
const ROUNDED = /^(uptime|\w+Percent|\w+Threshold|speedFactor)$/;

/** The same without what nobody reads, numbers cut to two digits. */
const reduced = (told: Json): Json =>
  Object.fromEntries(
    Object.entries(told)
      .filter(([key]) => !DROPPED.test(key))
      .map(([key, value]) => {
        if (key === 'stats') return [key, reduced(value as Json)];
        return [key, ROUNDED.test(key) ? Math.floor(Number(value) * 100 + 1e-6) / 100 : value];
      }),
  );

let host: RustHost;
beforeEach(async () => {
  host = new RustHost();
  await host.start();
  host.answersAs('02-queue-no-machines');
});
afterEach(() => host.stop());

const sent = async (): Promise<string> => (await host.answer()).statusText;

describe('a status on its way from the host', () => {
  it.each(situations)('loses only what nobody reads: %s', async (situation) => {
    host.answersAs(situation);
    const { queueRunner, machines, jobsets, ...rest } = JSON.parse(captured(`${situation}.status.json`)) as {
      readonly queueRunner: Json;
      readonly machines: Record<string, Json>;
      readonly jobsets: Json;
    };
    expect(jobsets).toBeDefined();
    const { proc, ...kept } = queueRunner;
    expect(proc).toBeDefined();
    expect(JSON.parse(await sent())).toEqual({
      queueRunner: kept,
      machines: Object.fromEntries(Object.entries(machines).map(([name, told]) => [name, reduced(told)])),
      ...rest,
    });
  });

  it.each(situations)('is read the same: %s', async (situation) => {
    host.answersAs(situation);
    const before = readPrinted(captured(`${situation}.status.json`));
    const after = readPrinted(await sent());
    expect(after).toMatchObject({ kind: before.kind });
    expect(JSON.stringify(after).replaceAll(/\d+\.\d+/g, (number) => Number(number).toFixed(0))).toBe(
      JSON.stringify(before).replaceAll(/\d+\.\d+/g, (number) => Number(number).toFixed(0)),
    );
  });

  it('stays what it is, whatever machines call themselves', async () => {
    const told = JSON.parse(captured('05-running-saturated.status.json')) as {
      machines: Record<string, Json>;
    };
    const [machine = {}] = Object.values(told.machines);
    const names = [
      'a,"load1":2',
      'b"jobs":[',
      '","machines":{',
      '\\',
      '{}',
      '"pressure":{',
      'c,"score',
      "d'$(id)",
    ];
    told.machines = Object.fromEntries(
      names.map((name) => [name, { ...machine, hostname: name, substituters: ['http://[::1]/"],x', name] }]),
    );
    host.pages.set('/status', JSON.stringify(told));
    const { machines } = JSON.parse(await sent()) as { machines: Record<string, Json> };
    expect(machines).toEqual(
      Object.fromEntries(Object.entries(told.machines).map(([name, one]) => [name, reduced(one)])),
    );
  });

  it.each(['{"queueRunner":', '{"queueRunner":{},"machines":{"a":{"jobs":[1,', '[{"queueRunner":1}]\n'])(
    'comes as it is where it is odd: %s',
    async (odd) => {
      host.pages.set('/status', odd);
      expect((await sent()).trim()).toContain(odd.slice(0, 15));
    },
  );
});

/** A number of its own for every index and key, as real ones differ. */
const varied = (index: number, key: string, below: number): number =>
  createHash('sha256').update(`${index} ${key}`).digest().readUInt32BE() % below;

const QUEUED = 50_000;
const nameOf = (index: number): string =>
  `${createHash('sha1').update(String(index)).digest('hex').slice(0, 32)}-step-${index}.drv`;
/** Every hundredth is at work. */
const scheduled = (index: number): string => nameOf((index * 100) % QUEUED);

/** A status with `count` machines that differ in all their numbers. */
function statusOf(count: number): string {
  const told = JSON.parse(captured('05-running-saturated.status.json')) as { machines: Record<string, Json> };
  const [machine = {}] = Object.values(told.machines);
  const many = Array.from({ length: count }, (_, index) => {
    const hostname = `i-0${createHash('sha256').update(String(index)).digest('hex').slice(0, 16)}`;
    const jobs = varied(index, 'jobs', 9);
    const stats = {
      ...(machine['stats'] as Json),
      currentJobs: jobs,
      nrStepsDone: varied(index, 'done', 5000),
      // Every third has failed at some time, and only who has no jobs is idle.
      lastFailure: varied(index, 'failed', 3) === 0 ? 1_795_000_000 + varied(index, 'failure', 800_000) : 0,
      idleSince: jobs === 0 ? 1_795_000_000 + varied(index, 'idle', 800_000) : 0,
      lastPing: 1_795_825_666 - varied(index, 'ping', 10),
      sinceLastPing: varied(index, 'ping', 10),
      storeFreePercent: varied(index, 'store', 1e9) / 1e7,
      buildDirFreePercent: varied(index, 'dir', 2) * 100,
      succeededBuilds: varied(index, 'ok', 5000),
      failedBuilds: varied(index, 'bad', 50),
    };
    const uptime = varied(index, 'up', 1e9) / 1e4;
    const given = Array.from({ length: jobs }, (_job, slot) => scheduled(index * 9 + slot));
    return [hostname, { ...machine, hostname, uptime, stats, jobs: given }];
  });
  return JSON.stringify({ ...told, machines: Object.fromEntries(many) });
}

describe('a large farm', () => {
  it('fits below 10,000 characters with 100 machines at work on 50,000 queued steps', async () => {
    const steps = Array.from({ length: QUEUED }, (_, index) => ({
      drvPath: nameOf(index),
      ...{ alreadyScheduled: index % 100 === 0, runnable: true, finished: false, cancelled: false, tries: 0 },
      ...{ runnableSince: '2026-11-28T00:25:00.808300157Z', lowestShareUsed: 0, highestGlobalPriority: 0 },
      ...{ highestLocalPriority: 100, lowestBuildId: index },
    }));
    host.pages.set('/status', statusOf(100));
    host.pages.set(QUEUES, JSON.stringify({ queues: { 'x86_64-linux': steps } }));
    const known = steps.map(
      ({ drvPath }, index) => `${drvPath} ${index % 5 === 0 ? `feature-${index % 200}` : '-'}`,
    );
    host.file('var/cache/hydra-autoscaler/features-1', `${known.join('\n')}\n`);
    host.databaseSays(
      [
        'unfinished 50000',
        ...Object.keys(JSON.parse(statusOf(100)).machines as Json).map(
          (id) => `busy ${Buffer.from(id).toString('base64')} 4`,
        ),
      ].join('\n'),
    );
    const result = await host.look();
    const { payload } = frameIn(result.stdout);
    expect(payload.text).toHaveLength(payload.length);
    expect(result.stdout.length).toBeLessThan(10_000);
    const { demand, busy, held } = await host.answer();
    expect([demand.length, busy.size, held.size]).toEqual([41, 100, 0]);
    expect(demand.reduce((sum, { runnable, running }) => sum + runnable + running, 0)).toBe(50_000);
  }, 60_000);

  it('is fetched in parts where it does not fit', async () => {
    host.pages.set('/status', statusOf(600));
    const { payload } = frameIn((await host.look()).stdout);
    expect(payload.text.length).toBeLessThan(payload.length);
    const rest = await host.run('fetch', { sha256: payload.sha256, offset: String(payload.text.length) });
    expect(rest).toMatchObject({ exitCode: 0 });
    expect(rest.stdout.split('\n')[1]).toBe(`part ${payload.sha256} ${payload.text.length}`);
  }, 60_000);
});
