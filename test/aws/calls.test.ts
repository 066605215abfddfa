import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AWS_CALLS, INDIRECT_ACTIONS } from '../../lambdas/aws/calls.ts';

const sources = ['aws', 'hydra'].flatMap((room) => {
  const folder = join(import.meta.dirname, '../../lambdas', room);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
});
const madeIn = (source: string): string[] =>
  [...source.matchAll(/\bnew (\w+)Command\(|\bpaginate(\w+)\(/g)].map((match) => match[1] ?? match[2] ?? '');
const made = new Set(sources.flatMap(madeIn));
const listed = AWS_CALLS.map(({ command }) => command);

describe('the list of AWS calls', () => {
  it('has every call the adapters make, and none besides', () => {
    expect(listed.toSorted()).toEqual([...made].toSorted());
  });

  it('has no call twice, and the action of its own service', () => {
    expect(new Set(listed).size).toBe(listed.length);
    for (const { service, command, action } of AWS_CALLS)
      expect(action).toBe(`${service.replace('-', '')}:${command}`);
  });

  it('says why each indirect action is needed, and repeats no direct one', () => {
    const direct = AWS_CALLS.map(({ action }) => action);
    for (const { action, because } of INDIRECT_ACTIONS) {
      expect(direct).not.toContain(action);
      expect(because).not.toBe('');
    }
  });
});
