import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchProbes } from '../../../lambdas/hydra/cpp/host-probes.ts';
import { inBase64, parameterProblems } from '../../../lambdas/hydra/documents.ts';
import { probeOf } from './hydra-host-bench.ts';

const probesOf = (count: number) => Array.from({ length: count }, (_, index) => probeOf(index));

describe('the machines to reach in one look', () => {
  it('keep their order where they all fit', () => {
    const batch = batchProbes(probesOf(50), 1_800_000_007);
    expect([...batch.instanceIds]).toEqual(probesOf(50).map(({ instanceId }) => instanceId));
    expect(batch.lines.split('\n')).toHaveLength(51);
  });

  it('take turns where they do not', () => {
    const tried = new Set<string>();
    for (let look = 0; look < 20; look++) {
      const { instanceIds } = batchProbes(probesOf(120), 1_800_000_000 + look * 7.5);
      expect(instanceIds.size).toBe(50);
      for (const id of instanceIds) tried.add(id);
    }
    expect(tried.size).toBe(120);
  });

  it('are fewer where their host keys are long, and always fit into the command', () => {
    const hostKey = `ssh-rsa ${'A'.repeat(716)} root@builder`;
    const { lines, instanceIds } = batchProbes(
      probesOf(50).map((probe) => ({ ...probe, hostKey, sshKey: `/${'k'.repeat(100)}` })),
      0,
    );
    expect(instanceIds.size).toBeGreaterThan(10);
    expect(instanceIds.size).toBeLessThan(50);
    expect(parameterProblems('observe', { probes: inBase64(lines) })).toEqual([]);
  });

  it('are each one line of four words, whatever is asked', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('-x', 'a b', 'a\nb', '10.0.0.1', '/key', 'ssh-ed25519 AAAA'),
    );
    const probe = fc.record({
      instanceId: fc.constantFrom('i-0123456789abcdef0', 'i-1', 'x y'),
      address: text,
      hostKey: text,
      sshKey: text,
    });
    fc.assert(
      fc.property(fc.array(probe), (probes) => {
        const { lines, instanceIds, refused } = batchProbes(probes, 0);
        const each = lines.split('\n').slice(0, -1);
        expect(each).toHaveLength(instanceIds.size);
        for (const line of each)
          expect(line).toMatch(/^i-[0-9a-f]+ [A-Za-z0-9][^ ]* [-/][^ ]* [A-Za-z0-9+/=]+$/);
        expect(refused.every(({ reached, detail }) => !reached && detail !== '')).toBe(true);
      }),
    );
  });
});
