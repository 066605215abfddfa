import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../lambdas/core/check/facts.ts';
import { cppChecks } from '../../../../lambdas/hydra/cpp/check/checks.ts';
import { unsafeColumns, wrongLines } from '../../../../lambdas/hydra/cpp/check/file-rules.ts';
import type { Listing } from '../../../../lambdas/hydra/cpp/life/listing.ts';
import {
  HOST_KEY,
  NOW,
  aMachine,
  anInstance,
  anObservation,
  lacking,
  listingsOf,
  planFor,
} from '../../../core/given.ts';
import { NEEDED, atWork } from '../../../core/check/bad-plans.ts';

const OBSERVATION = atWork();
const PLAN = planFor(OBSERVATION, NEEDED);
const LINES = listingsOf(PLAN);
const wrong = (lines: readonly Listing[]): string =>
  wrongLines(factsOf(cppChecks, NEEDED, OBSERVATION, PLAN), lines).join('; ');
const change = (which: 'machines' | 'placeholders', changed: Partial<Listing>): readonly Listing[] =>
  LINES.map((line) =>
    (line.instanceId === undefined) === (which === 'placeholders') ? { ...line, ...changed } : line,
  );

describe('rule 6, the machines file is whole and ours', () => {
  it('is kept by the lines of a plan', () => {
    expect(wrong(LINES)).toBe('');
  });
  it.each([
    ['a placeholder with jobs', change('placeholders', { maxJobs: 1 }), 'would be given work'],
    ['a type without a placeholder', LINES.slice(0, 1), 'no placeholder'],
    [
      'a placeholder of other systems',
      change('placeholders', { systems: ['riscv64-linux'] }),
      'no placeholder',
    ],
    ['two lines of one address', [...LINES, ...LINES], 'share one address'],
    ['another address', change('machines', { address: '10.9.9.9' }), 'another address than its own'],
    [
      'a host key that is not its own',
      change('machines', { hostKey: `${HOST_KEY}x` }),
      'without its host key',
    ],
    ['other slots than its type has', change('machines', { maxJobs: 64 }), 'with 64 jobs'],
    ['a speed by which loads count', change('machines', { speedFactor: 1 }), 'steps would not pack'],
  ])('catches %s', (_what, lines, words) => {
    expect(wrong(lines)).toContain(words);
  });
  it('catches a line without a host key, unless it has been there without one', () => {
    const [line] = LINES;
    if (line === undefined) throw new Error('the plan has no line');
    const keyless = (machine: ReturnType<typeof aMachine>): string => {
      const observation = anObservation({ machines: [machine], instances: [anInstance()] });
      const facts = factsOf(cppChecks, NEEDED, observation, { ...PLAN, machines: [machine] });
      return wrongLines(facts, [lacking(line, 'hostKey'), ...LINES.slice(1)]).join('; ');
    };
    const without = lacking(aMachine({ phaseSince: NOW - 60 }), 'identity');
    expect(keyless(lacking(without, 'offered'))).toContain('without its host key');
    expect(keyless(without)).toBe('');
  });
});

describe('rule 7, nothing becomes code', () => {
  it.each<[string, Partial<Listing>]>([
    ['address', { address: '10.0.0.1 # rm' }],
    ['address', { address: 'a;b' }],
    ['system', { systems: ['x86_64-linux evil'] }],
    ['system', { systems: [] }],
    ['system', { systems: ['-'] }],
    ['SSH key', { sshKey: '/id\n@/etc/passwd' }],
    ['number of jobs', { maxJobs: 1.5 }],
    ['speed factor', { speedFactor: Infinity }],
    ['supported feature', { supportedFeatures: ['kvm;x'] }],
    ['mandatory feature', { mandatoryFeatures: ['a,b'] }],
    ['host key', { hostKey: 'ssh-ed25519 AAAA\nroot@evil' }],
  ])('catches a bad %s: %j', (column, changed) => {
    expect(unsafeColumns(LINES)).toEqual([]);
    const bad = LINES.map((listing) => ({ ...listing, ...changed }));
    expect(unsafeColumns(bad).join('; ')).toContain(`has a bad ${column}`);
  });
});
