/** Systems: which Nix knows, what others call them, and whose processors build them. */
import { describe, expect, it } from 'vitest';
import { suggest } from '../../../lambdas/config-file/suggest.ts';
import { architectureOf, KNOWN_SYSTEMS, systemsMeant } from '../../../lambdas/core/config/systems.ts';

describe('a word that is no system', () => {
  it.each([
    ['x86-64-linux', ['x86_64-linux']],
    ['X86_64-Linux', ['x86_64-linux']],
    ['x86_64', ['x86_64-linux']],
    ['x86_64-unknown-linux-gnu', ['x86_64-linux']],
    ['amd64-linux', ['x86_64-linux']],
    ['amd64', ['x86_64-linux']],
    ['arm64', ['aarch64-linux']],
    ['arm64-linux', ['aarch64-linux']],
    ['aarch64-macos', ['aarch64-darwin']],
    ['arm64-apple-darwin', ['aarch64-darwin']],
    ['armv7-linux', ['armv7l-linux']],
    ['i386-linux', ['i686-linux']],
    ['x86_64-linus', ['x86_64-linux']],
    ['x86_63-linux', ['x86_64-linux']],
    ['aarch65-linux', ['aarch64-linux']],
    ['linux', ['x86_64-linux', 'aarch64-linux']],
    ['macos', ['x86_64-darwin', 'aarch64-darwin']],
    ['big-parallel', []],
    ['constructor', []],
  ])('%s may stand for %j', (word, meant) => {
    expect(KNOWN_SYSTEMS).not.toContain(word);
    expect(systemsMeant(word, suggest)).toEqual(meant);
  });
});

describe('a system', () => {
  it.each([
    ['x86_64-linux', 'x86_64'],
    ['i686-linux', 'x86_64'],
    ['x86_64-v4-linux', 'x86_64'],
    ['aarch64-linux', 'arm64'],
    ['armv7l-linux', 'arm64'],
    ['armv6l-linux', 'arm64'],
    ['riscv64-linux', undefined],
    ['aarch64-darwin', undefined],
    ['x86_64-freebsd', undefined],
  ])('%s is built natively by %s', (system, architecture) => {
    expect(KNOWN_SYSTEMS).toContain(system);
    expect(architectureOf(system)).toBe(architecture);
  });
});
