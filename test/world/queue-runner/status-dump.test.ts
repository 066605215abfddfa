import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeStatus } from '../../../local/world/queue-runner/status-json.ts';
import { Float } from '../../../local/world/hydra/float.ts';
import { START, TestHost } from './host.ts';

const CAPTURES = join(import.meta.dirname, '../../fixtures/hydra-status');
const capture = (name: string): string => readFileSync(join(CAPTURES, `${name}.json`), 'utf8');

/** Every key of a status, in the order it is written, with the kind of its value; names of things are left out. */
const shape = (text: string): string[] => {
  const named = ['machines', 'jobsets', 'machineTypes'];
  const walk = (value: unknown, path: string): string[] => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return [`${path}: ${Array.isArray(value) ? 'array' : typeof value}`];
    }
    const entries = Object.entries(value);
    const isNamed = named.includes(path);
    return (isNamed ? entries.slice(0, 1) : entries).flatMap(([key, member]) =>
      walk(member, isNamed ? `${path}.*` : [path, key].filter(Boolean).join('.')),
    );
  };
  return walk(JSON.parse(text), '');
};

describe('a dump', () => {
  it('has the fields of the real one, in its order, idle', () => {
    const host = TestHost.running([]);
    expect(shape(host.runner.status().stdout)).toEqual(shape(capture('idle-empty-machines-file')));
  });

  it('has the fields of the real one while it builds and after it has built', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.queue({ count: 3, seconds: 16 });
    host.advance(20);
    expect(shape(host.runner.status().stdout)).toEqual(shape(capture('running-with-done-steps')));
    host.advance(60);
    const { idleSince } = host.machine('a');
    expect(idleSince).toBeGreaterThan(START + 40);
  });

  it('is one line with sorted keys', () => {
    const host = TestHost.running(['b x86_64-linux', 'a x86_64-linux']);
    const { stdout } = host.runner.status();
    expect(stdout.indexOf('\n')).toBe(stdout.length - 1);
    expect(Object.keys(host.status)).toEqual(Object.keys(host.status).sort());
    expect(Object.keys(host.status.machines)).toEqual(['ssh://a', 'ssh://b']);
  });

  it('knows machines that were never used by an idleSince of 0', () => {
    const host = TestHost.running(['a x86_64-linux']);
    expect(host.machine('a')).toMatchObject({ idleSince: 0, disabledUntil: 0, lastFailure: 0 });
    host.queue();
    host.advance(1);
    expect(host.machine('a')).not.toHaveProperty('idleSince');
  });

  it('keeps its averages in single precision', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.queue({ count: 3, seconds: 16 });
    host.advance(60);
    const { totalStepTime, nrStepsDone, avgStepTime } = host.status;
    expect(nrStepsDone).toBe(3);
    expect(avgStepTime).toBe(Math.fround(Number(totalStepTime) / 3));
    expect(host.runner.status().stdout).toContain('"avgStepBuildTime":16.0,');
  });

  it('shows types it has seen for ever', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.queue();
    host.advance(3600);
    expect(host.status.machineTypes).toEqual({ 'x86_64-linux': { runnable: 0, running: 0 } });
  });

  it('counts wake-ups of the dispatcher as the real one: two at the start, one a build, one a slot given back', () => {
    const host = TestHost.running(['a x86_64-linux']);
    expect(host.status.nrDispatcherWakeups).toBe(2);
    host.queue({ count: 5 });
    host.advance(100);
    expect(host.status.nrDispatcherWakeups).toBe(2 + 5 + 5);
  });
});

describe('writing a status', () => {
  /** Numbers of a capture as the program held them: those written with a point were floating point. */
  const revive = (_: string, value: unknown, context: { readonly source?: string }): unknown =>
    typeof value === 'number' && context.source?.includes('.') === true ? new Float(value) : value;

  it('gives a captured one back letter by letter', () => {
    const names = readdirSync(CAPTURES).filter((name) => name.endsWith('.json'));
    const texts = names
      .map((name) => readFileSync(join(CAPTURES, name), 'utf8'))
      .filter((text) => text.startsWith('{"'));
    expect(texts.length).toBeGreaterThan(20);
    for (const text of texts) {
      const parsed = JSON.parse(text, revive as (key: string, value: unknown) => unknown) as Parameters<
        typeof writeStatus
      >[0];
      expect(`${writeStatus(parsed)}\n`).toBe(text);
    }
  });
});
