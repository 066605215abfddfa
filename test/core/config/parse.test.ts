/** The configuration: every problem at once, each with its place and a remedy; the ancestor's words and defaults. */
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../lambdas/core/config/parse.ts';
import { launchTemplateName } from '../../../lambdas/core/config/machine-type.ts';
import type { ConfigProblem } from '../../../lambdas/core/config/problem.ts';

const HOST = { instanceId: 'i-0123456789abcdef0' };

/** A stand-in for the spelling help of the command line: it knows one mistake. */
const suggest = (word: string, known: readonly string[]): string | undefined =>
  word === 'maxMachine' && known.includes('maxMachines') ? 'maxMachines' : undefined;

const parse = (written: unknown) => parseConfig(written, suggest);
const problemsOf = (written: unknown): readonly ConfigProblem[] => parse(written).problems;
const withType = (type: object, key = 'x86_64-linux'): object => ({
  host: HOST,
  systemTypes: { [key]: type },
});

function parsed(written: unknown) {
  const { config, problems } = parse(written);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return config;
}

describe('a configuration that says least', () => {
  it('has the defaults of hydra-provisioner', () => {
    const [type] = parsed(withType({})).machineTypes;
    expect(type).toMatchObject({
      minMachines: 0,
      maxMachines: 1,
      ignoredRunnables: 0,
      runnablesPerMachine: 10,
      maxJobs: 1,
      speedFactor: 1,
      gracePeriodSeconds: 0,
      stopOnIdle: false,
      billing: 'hourly',
    });
    expect(type).not.toHaveProperty('sshKey');
    expect(parsed({ host: HOST }).tag).toBe('hydra-autoscaler');
    expect(parsed({ host: HOST }).host.statusCommand).toEqual(['hydra-queue-runner', '--status']);
  });
  it('ticks every five minutes and has no type', () => {
    expect(parsed({ host: HOST })).toMatchObject({ schedulePeriodSeconds: 300, machineTypes: [] });
  });
  it.each([
    ['rate(1 minute)', 60],
    ['rate(15 minutes)', 900],
  ])('reads the schedule %s as %d seconds', (schedule, seconds) => {
    expect(parsed({ host: HOST, schedule }).schedulePeriodSeconds).toBe(seconds);
  });
});

describe('the name of a type', () => {
  it.each([
    ['x86_64-linux', ['x86_64-linux'], []],
    ['x86_64-linux,i686-linux', ['x86_64-linux', 'i686-linux'], []],
    ['aarch64-linux:kvm,big-parallel', ['aarch64-linux'], ['kvm', 'big-parallel']],
  ])('%s is taken apart', (key, systems, features) => {
    expect(parsed(withType({}, key)).machineTypes[0]).toMatchObject({ key, systems, features });
  });
  it.each(['', ':', 'x86_64-linux:', 'a b', '-', 'a,', 'a,-b', 'a:b:c', 'x;y', '#x', 'a\nb'])(
    '%j is refused, with the form it must have',
    (key) => {
      const [problem] = problemsOf(withType({}, key));
      expect(problem?.path).toBe(`systemTypes.${key}`);
      expect(problem?.says).toContain('SYSTEM[,SYSTEM…][:FEATURE');
    },
  );
  it.each([
    ['x86_64-linux', 'x86_64', 'c7i.2xlarge'],
    ['aarch64-linux:kvm', 'arm64', 'c7g.2xlarge'],
    ['armv7l-linux', 'arm64', 'c7g.2xlarge'],
    ['armv6l-linux', 'arm64', 'c7g.2xlarge'],
    ['armv5tel-linux', 'arm64', 'c7g.2xlarge'],
    ['i686-linux', 'x86_64', 'c7i.2xlarge'],
    ['x86_64-v3-linux', 'x86_64', 'c7i.2xlarge'],
  ])('%s decides on image and instance type', (key, architecture, instanceType) => {
    expect(parsed(withType({}, key)).machineTypes[0]).toMatchObject({
      image: { owner: '427812963091', architecture },
      instanceTypes: [instanceType],
    });
  });
  it('makes the name of the launch template, in the letters EC2 allows', () => {
    expect(launchTemplateName('my farm', 'x86_64-linux,i686-linux:kvm')).toBe(
      'my-farm-x86_64-linux-i686-linux-kvm',
    );
  });
});

describe('problems', () => {
  it('are told all at once, each with its place', () => {
    const written = {
      tag: 'a b',
      schedule: 'rate(1 hour)',
      maxTotalMachines: -1,
      host: { instanceId: 'web-1', environment: { '1X': 'a' } },
      systemTypes: {
        'x86_64-linux': { minMachines: -1, maxJobs: 0, maxMachine: 3, sshKey: '', image: { id: 'ami' } },
        'a b': {},
      },
    };
    expect(
      problemsOf(written)
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual([
      'host.environment.1X',
      'host.instanceId',
      'maxTotalMachines',
      'schedule',
      'systemTypes.a b',
      'systemTypes.x86_64-linux.image.id',
      'systemTypes.x86_64-linux.maxJobs',
      'systemTypes.x86_64-linux.maxMachine',
      'systemTypes.x86_64-linux.minMachines',
      'systemTypes.x86_64-linux.sshKey',
      'tag',
    ]);
  });
  it.each([
    ['rate(25 minutes)', 'hourly', []],
    ['rate(26 minutes)', 'hourly', ['schedule']],
    ['rate(90 minutes)', 'per-second', []],
  ])('there are with %s and billing %s: %j', (schedule, billing, paths) => {
    const written = {
      schedule,
      host: { instanceId: 'i-0123456789abcdef0' },
      systemTypes: { 'x86_64-linux': { billing } },
    };
    expect(problemsOf(written).map(({ path }) => path)).toEqual(paths);
  });
  it('of a setting in a place of another do not hide the rest either', () => {
    const written = {
      host: HOST,
      billing: 'hourly',
      deploy: { schedule: 'rate(1 minute)' },
      systemTypes: { linux: { schedule: 'x', billing: 'x' } },
    };
    expect(
      problemsOf(written)
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual([
      'billing',
      'deploy.schedule',
      'systemTypes.linux',
      'systemTypes.linux.billing',
      'systemTypes.linux.schedule',
    ]);
  });
  it('of shape do not hide those between fields', () => {
    const spot = { market: 'spot', stopOnIdle: true };
    const written = { host: {}, systemTypes: { 'x86_64-linux': spot, 'aarch64-linux': { maxJobs: 0 } } };
    expect(problemsOf(written).map(({ path }) => path)).toEqual([
      'host.instanceId',
      'systemTypes.aarch64-linux.maxJobs',
      'systemTypes.x86_64-linux.stopOnIdle',
    ]);
  });
  it.each([
    [{ maxMachine: 2 }, 'maxMachine', 'did you mean "maxMachines"?'],
    [{ zzz: 2 }, 'zzz', 'known keys are minMachines, maxMachines'],
    [{ nixopsExpr: './x.nix' }, 'nixopsExpr', 'NixOps is not used here'],
    [{ runnablesPerMachine: 0 }, 'runnablesPerMachine', 'more than 0'],
    [{ market: 'free' }, 'market', '"spot-then-on-demand"'],
    [{ image: { id: 'ami-0123456789abcdef0', name: 'x' } }, 'image.name', 'unknown key'],
    [{ image: { nam: 'x' } }, 'image.nam', 'known keys are id, owner, name, architecture'],
    [{ publicHostKey: 'ssh-ed25519 AAAA\nx' }, 'publicHostKey', 'one public key line'],
    [{ publicHostKey: 'ssh-ed25519 AAAA käse' }, 'publicHostKey', 'ASCII'],
    [{ subnets: ['subnet-x'] }, 'subnets.0', 'subnet-0123456789abcdef0'],
    [{ supportedFeatures: ['a;b'] }, 'supportedFeatures.0', 'letters, digits'],
  ])('%j names the field and the remedy', (type, field, remedy) => {
    const problem = problemsOf(withType(type)).find(
      ({ path }) => path === `systemTypes.x86_64-linux.${field}`,
    );
    expect(problem?.says).toContain(remedy);
  });
  it.each([
    ['sshCommand', 'host.statusCommand'],
    ['updateCommand', 'host.machinesFile'],
  ])('of %s, a word of the ancestor, say what replaces it', (word, remedy) => {
    const [problem] = problemsOf({ host: HOST, [word]: 'x' });
    expect(problem).toMatchObject({ path: word });
    expect(problem?.says).toContain(remedy);
  });
  it.each([
    [null, ''],
    ['text', ''],
    [[], ''],
    [{}, 'host'],
    [{ host: {} }, 'host.instanceId'],
    [{ host: HOST, systemTypes: { 'x86_64-linux': null } }, 'systemTypes.x86_64-linux'],
  ])('are told of %j instead of thrown', (written, path) => {
    expect(problemsOf(written)[0]?.path).toBe(path);
    expect(problemsOf(written)[0]?.says).not.toBe('');
  });
});

describe('rules between fields', () => {
  it('refuse to stop spot instances', () => {
    expect(problemsOf(withType({ market: 'spot', stopOnIdle: true }))[0]).toMatchObject({
      path: 'systemTypes.x86_64-linux.stopOnIdle',
    });
  });
  it('refuse the same set of systems and features twice', () => {
    const systemTypes = { 'x86_64-linux:kvm,benchmark': {}, 'x86_64-linux:benchmark,kvm': {} };
    const [problem] = problemsOf({ host: HOST, systemTypes });
    expect(problem?.path).toBe('systemTypes.x86_64-linux:benchmark,kvm');
    expect(problem?.says).toContain('x86_64-linux:kvm,benchmark');
  });
  it('refuse one launch template for two types', () => {
    const systemTypes = { 'x86_64-linux:a,b': {}, 'x86_64-linux:a-b': {} };
    expect(problemsOf({ host: HOST, systemTypes })[0]?.path).toBe(
      'systemTypes.x86_64-linux:a-b.launchTemplate',
    );
  });
  it('refuse floors that the common cap has no room for', () => {
    const systemTypes = {
      'x86_64-linux': { minMachines: 2, maxMachines: 9 },
      'aarch64-linux': { minMachines: 5, maxMachines: 1 },
    };
    const ofCap = (maxTotalMachines: number): readonly ConfigProblem[] =>
      problemsOf({ host: HOST, maxTotalMachines, systemTypes }).filter(
        ({ path }) => path === 'maxTotalMachines',
      );
    expect(ofCap(2)[0]?.says).toContain('add up to 3');
    expect(ofCap(3)).toEqual([]);
  });
  it('refuse a floor above the cap of its type, unless one of the two cannot be read', () => {
    expect(problemsOf(withType({ minMachines: 5, maxMachines: 2 }))).toEqual([
      {
        path: 'systemTypes.x86_64-linux.minMachines',
        says: 'is 5, but maxMachines is 2; raise maxMachines or lower this',
      },
    ]);
    for (const cap of [{ maxMachines: '9' }, { maxMachine: 9 }])
      expect(problemsOf(withType({ minMachines: 5, ...cap })).map(({ path }) => path)).toEqual([
        `systemTypes.x86_64-linux.${Object.keys(cap).join('')}`,
      ]);
  });
});
