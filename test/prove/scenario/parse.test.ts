/** A scenario file is understood, or every mistake in it is told with its place. */
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../local/prove/scenario/parse.ts';

const config = { systemTypes: { 'x86_64-linux': { maxMachines: 6, runnablesPerMachine: 2 } } };
const noTrace = (name: string): string => {
  throw new Error(`${name} is not there`);
};
const parse = (written: object) =>
  parseScenario(JSON.stringify({ config, hours: 4, ...written }), 'the-file', noTrace);

/** Mistakes as they are told, a line each. */
const mistakesIn = (written: object): readonly string[] =>
  (parse(written).mistakes ?? []).map(({ path, message }) => `${path}: ${message}`);

describe('a scenario', () => {
  it('needs little, and gets the rest', () => {
    expect(parse({}).scenario).toMatchObject({
      name: 'the-file',
      hours: 4,
      seed: 1,
      bootSeconds: 60,
      events: [],
      workload: [],
      expect: {},
      config: {
        tag: 'hydra-provisioned',
        schedulePeriodSeconds: 300,
        host: { instanceId: expect.any(String) as string },
      },
    });
  });

  it('has the period of its schedule, before and after an upgrade', () => {
    const upgrade = { t: 60, do: 'upgrade', config: { ...config, maxTotalMachines: 2 } };
    const { scenario } = parse({ scheduleSeconds: 90, events: [upgrade] });
    expect(scenario?.config.schedulePeriodSeconds).toBe(90);
    expect(scenario?.events).toMatchObject([{ config: { schedulePeriodSeconds: 90, maxTotalMachines: 2 } }]);
  });

  it('has its trace beside it', () => {
    const text = JSON.stringify({ config, hours: 1, trace: 'queue.csv' });
    const csv = 'arrival_s,system,duration_s\n5,x86_64-linux,60\n5,x86_64-linux,90\n';
    expect(
      parseScenario(text, 'x', (name) => (name === 'queue.csv' ? csv : '')).scenario?.workload,
    ).toMatchObject([{ atSeconds: 5, durationsSeconds: [60, 90] }]);
  });

  it('takes every event there is', () => {
    const of = { market: 'spot', instanceType: 'c7i.2xlarge', subnet: 'subnet-01', type: 'x86_64-linux' };
    const strikes = { t: 1, until: 2, of, share: 0.5 };
    const events = [
      { t: 1, do: 'queue', count: 1, system: 'x86_64-linux', seconds: 5, features: ['kvm'], fail: true },
      { t: 1, do: 'cancel-all', count: 2 },
      { t: 1, do: 'restart-runner' },
      { t: 1, do: 'stop-database' },
      { t: 1, do: 'kill-builder', host: '10.0.0.4' },
      { ...strikes, do: 'instances-end', when: 'pending', stateReason: 'Client.InternalError' },
      { ...strikes, do: 'instances-end', when: 20 },
      { ...strikes, do: 'spot-taken', when: 20, warning: 0 },
      { ...strikes, do: 'start-undone', stateReason: 'Client.InternalError' },
      { t: 1, do: 'instances-stuck', state: 'shutting-down', seconds: 60, of },
      { t: 1, do: 'instances-hidden', seconds: 60 },
      { t: 1, do: 'describe-answers', answer: 'without-newest', times: 2 },
      { ...strikes, do: 'refuse', call: 'SendCommand', code: 'X', message: 'no' },
      { t: 1, until: 3, do: 'capacity', of, machines: 2 },
      { t: 1, do: 'untag', machines: 'oldest' },
      { t: 1, do: 'foreign-instance', type: 'c7i.large', count: 2, tags: { a: 'b' } },
      { t: 1, do: 'state-answers', answer: 'empty', until: 9 },
      { t: 1, do: 'tick-twice', apartSeconds: 2, sameRequestId: false },
      { t: 1, do: 'order', event: { pause: { everything: true } } },
      { t: 1, do: 'upgrade', config },
      { t: 1, do: 'file-written', text: '' },
    ];
    expect(mistakesIn({ events })).toEqual([]);
  });
});

describe('a scenario of a Rust queue runner', () => {
  it('says so, or has a configuration that does', () => {
    expect(parse({}).scenario?.runner).toBe('cpp');
    expect(parse({ runner: 'rust' }).scenario?.runner).toBe('rust');
    const host = { runner: 'rust' };
    expect(parse({ config: { ...config, host } }).scenario?.runner).toBe('rust');
    expect(parse({ config: { ...config, host }, runner: 'cpp' }).scenario?.runner).toBe('cpp');
  });

  it('has an address where builders dial in, unless a host is written that has none', () => {
    const addressOf = (written: object) =>
      parse({ ...written, runner: 'rust' }).scenario?.config.host.queueRunnerAddr;
    expect(addressOf({})).toMatch(/^https:/);
    expect(addressOf({ config: { ...config, host: { runner: 'rust' } } })).toMatch(/^https:/);
    expect(addressOf({ config: { ...config, host: {} } })).toBeUndefined();
  });

  it('takes every event of that, and those of either', () => {
    const host = 'oldest machine';
    const events = [
      { t: 1, do: 'queue', count: 1, system: 'x86_64-linux', seconds: 5 },
      { t: 1, do: 'cancel-all' },
      { t: 1, do: 'hang-runner' },
      { t: 1, do: 'start-database' },
      { t: 1, do: 'vanish-builder', host },
      { t: 1, do: 'file-written', text: '' },
      ...['restart', 'crash', 'heal', 'reboot', 'open', 'close'].map((what) => ({
        ...{ t: 1, do: `${what}-builder`, host },
      })),
      { t: 1, do: 'stop-daemon', host },
      { t: 1, do: 'start-daemon', host },
      { t: 1, until: 2, do: 'double-builder', host },
      {
        ...{ t: 1, do: 'builders-boot', version: '9', token: 't' },
        ...{ supportedFeatures: ['kvm'], maxJobs: 1 },
      },
      { t: 1, do: 'runner-settings', maxUnsupportedTimeInS: 20, dispatchTriggerTimerInS: -1 },
      { t: 1, do: 'token-unreadable' },
      { t: 2, do: 'replace-runner', runner: 'cpp' },
      { t: 3, do: 'touch-machines' },
      { t: 4, do: 'replace-runner', runner: 'rust' },
      { t: 4, do: 'open-builder', host },
    ];
    expect(mistakesIn({ runner: 'rust', events })).toEqual([]);
  });

  it('has no event of the other one', () => {
    const events = [
      { t: 9, do: 'touch-machines' },
      { t: 5, do: 'replace-runner', runner: 'rust' },
      { t: 1, do: 'open-builder', host: 'oldest machine' },
      { t: 6, do: 'replace-runner', runner: 'rust' },
      { t: 7, do: 'builders-boot', maxJobs: 0 },
      { t: 7, do: 'replace-runner', runner: 'perl' },
    ];
    expect(mistakesIn({ events })).toEqual([
      'events.4.maxJobs: must be 1 or more',
      'events.5.runner: Invalid option: expected one of "cpp"|"rust"',
      'events.2.do: takes the Rust queue runner; the host has the C++ one then',
      'events.3.runner: the host has the Rust queue runner already',
      'events.0.do: takes the C++ queue runner; the host has the Rust one then',
    ]);
  });
});

describe('mistakes', () => {
  it('are told all at once, each with its place', () => {
    const events = [
      { t: 0, do: 'qeue', count: 1 },
      { t: 20_000, do: 'untag', machines: 'youngest' },
      { t: 60, until: 60, do: 'capacity', of: { type: 'x86_64-linx', mraket: 'spot' } },
      { t: 60, do: 'instances-end', wehn: 5 },
      { t: 60, do: 'refuse', call: 'CreateFlet', code: 'X', of: { instanceType: 'c7i.2xlage' }, share: 2 },
      { t: -1, do: 'stop-runner', until: 5 },
      'tick',
      { t: 60, do: 'upgrade', config: { systemTypes: { 'a b': {} } } },
      { t: 60, do: 'foreign-instance', type: 'sparc' },
    ];
    const expected = {
      launchs: 1,
      launches: {},
      buildsDone: [1],
      problemsMention: 'x',
      billedHours: { min: 2, max: 1 },
    };
    expect(mistakesIn({ hours: 5, sed: 1, trace: 'a.csv', events, expect: expected })).toEqual([
      'sed: unknown key; did you mean "seed"?',
      'events.0.do: unknown event "qeue"; did you mean "queue"?',
      'events.1.machines: must be "all", "oldest" or a number',
      'events.2.of.mraket: unknown key; did you mean "market"?',
      'events.3.when: must be "pending" or seconds after running',
      'events.3.wehn: unknown key; did you mean "when"?',
      'events.4.share: must be 0 to 1',
      'events.5.t: must be 0 or more: seconds since the start',
      'events.5.until: unknown key; known keys are t, do',
      'events.6: must be an object with t and do',
      expect.stringMatching(/^events\.7\.config\.systemTypes\.a b: /),
      'expect.buildsDone: must be a number or {"min", "max"}',
      'expect.launches: must have min, max or both',
      'expect.billedHours: min must not be above max',
      'expect.problemsMention: must be a list of texts',
      'expect.launchs: unknown key; did you mean "launches"?',
      'trace: a.csv is not there',
      'events.1.t: is beyond the 5 hours, which end at 18000',
      'events.2.until: must be later than t, which is 60',
      'events.2.of.type: unknown machine type "x86_64-linx"; did you mean "x86_64-linux"?',
      'events.4.call: unknown call "CreateFlet"; did you mean "CreateFleet"?',
      'events.4.of.instanceType: unknown instance type "c7i.2xlage"; did you mean "c7i.2xlarge"?',
      'events.8.type: unknown type "sparc"; known are x86_64-linux, c7i.2xlarge',
    ]);
  });

  it.each<[object, string]>([
    [{ t: 14_401, do: 'stop-runner' }, 'events.0.t: is beyond the 4 hours, which end at 14400'],
    [{ t: 60, until: 60, do: 'capacity' }, 'events.0.until: must be later than t, which is 60'],
    [{ do: 'stop-runner' }, 'events.0.t: is missing; it is a number'],
    [{ t: 1, do: 'state-answers', answer: 'full' }, 'events.0.answer: Invalid input: expected "empty"'],
    [
      { t: 1, do: 'capacity', of: { type: 'x86_64-linx' } },
      'events.0.of.type: unknown machine type "x86_64-linx"; did you mean "x86_64-linux"?',
    ],
    [
      { t: 1, do: 'refuse', call: 'CreateFlet', code: 'X' },
      'events.0.call: unknown call "CreateFlet"; did you mean "CreateFleet"?',
    ],
    [
      { t: 1, do: 'spot-taken', when: 1, of: { instanceType: 'c7i.2xlage' } },
      'events.0.of.instanceType: unknown instance type "c7i.2xlage"; did you mean "c7i.2xlarge"?',
    ],
    [
      { t: 1, do: 'upgrade', config: { ...config, tag: 'other' } },
      'events.0.config.tag: must stay hydra-provisioned: a story follows one farm',
    ],
  ])('in an event: %o', (event, mistake) => {
    expect(mistakesIn({ events: [event] })).toEqual([mistake]);
  });

  it.each([
    ['{', 'is not JSON'],
    ['[]', 'must be a JSON object'],
    ['{"hours": 1, "hours": 2}', 'a second time in line 1'],
    ['{"hours": 1}', 'is missing; it is an autoscaler.json'],
    [JSON.stringify({ config }), 'is missing; it is a number'],
    [JSON.stringify({ config: { systemTypes: 1 }, hours: 1 }), 'must be an object'],
    [JSON.stringify({ config, hours: 1, events: {} }), 'expected array'],
  ])('in the whole file: %s', (text, message) => {
    const { mistakes = [] } = parseScenario(text, 'x', noTrace);
    expect(mistakes.map((mistake) => mistake.message).join()).toContain(message);
  });
});
