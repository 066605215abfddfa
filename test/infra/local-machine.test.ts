import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { infraFile } from './nixos.ts';
import { ScratchRoot } from './scratch-root.ts';

const SCRIPT = readFileSync(infraFile('hydra-host/local-machine.sh'), 'utf8');

let root: ScratchRoot;
beforeEach(() => {
  root = new ScratchRoot();
});
afterEach(() => {
  root.remove();
});

/** A Nix that answers to one spelling of the command with these settings. */
function nix(command: 'config show' | 'show-config', settings: Readonly<Record<string, string>>): void {
  const all = { 'system-features': 'benchmark big-parallel nixos-test', ...settings };
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  root.program(
    'nix',
    `case "$*" in *" ${command}") ;; *) exit 1 ;; esac\ncat <<'END'\n${lines.join('\n')}\nEND`,
  );
}

describe('the line that keeps a host building', () => {
  it.each([
    ['x86_64-linux', 'x86_64-linux,i686-linux'],
    ['aarch64-linux', 'aarch64-linux'],
    ['armv7l-linux', 'armv7l-linux'],
  ])('has its system, slots and features: %s', async (system, systems) => {
    nix('config show', { system, 'max-jobs': '8', 'system-features': 'benchmark kvm nixos-test' });
    expect(await root.run(SCRIPT)).toMatchObject({
      code: 0,
      stdout: `localhost ${systems} - 8 1 benchmark,kvm,nixos-test - -\n`,
    });
  });

  it('is that of an older Nix too', async () => {
    nix('show-config', { system: 'aarch64-linux', 'max-jobs': '1' });
    expect((await root.run(SCRIPT)).stdout).toBe(
      'localhost aarch64-linux - 1 1 benchmark,big-parallel,nixos-test - -\n',
    );
  });

  it('builds nothing where nothing was built, and counts processors where Nix says auto', async () => {
    root.program('nproc', 'echo 6');
    nix('config show', { system: 'aarch64-linux', 'max-jobs': '0', 'system-features': '' });
    expect((await root.run(SCRIPT)).stdout).toBe('localhost aarch64-linux - 0 1 - - -\n');
    nix('config show', { system: 'aarch64-linux', 'max-jobs': 'auto' });
    expect((await root.run(SCRIPT)).stdout).toContain(' - 6 1 ');
  });

  it('has the slots and features that are named instead', async () => {
    nix('config show', { system: 'aarch64-linux', 'max-jobs': '8' });
    expect((await root.run(SCRIPT, { LOCAL_JOBS: '2', LOCAL_FEATURES: 'kvm benchmark' })).stdout).toBe(
      'localhost aarch64-linux - 2 1 kvm,benchmark - -\n',
    );
    expect((await root.run(SCRIPT, { LOCAL_JOBS: '0', LOCAL_FEATURES: '' })).stdout).toBe(
      'localhost aarch64-linux - 0 1 - - -\n',
    );
  });

  it('has the features Hydra adds for what Nix has switched on', async () => {
    nix('config show', {
      system: 'aarch64-linux',
      'max-jobs': '1',
      'system-features': 'kvm',
      'experimental-features': 'ca-derivations nix-command',
    });
    expect((await root.run(SCRIPT)).stdout).toContain(' kvm,ca-derivations ');
  });

  it('is none where Nix does not answer', async () => {
    root.program('nix', 'exit 1');
    expect(await root.run(SCRIPT)).toMatchObject({ code: 1, stdout: '' });
    root.program('nix');
    expect(await root.run(SCRIPT)).toMatchObject({ code: 1, stdout: '' });
  });

  it('is what a real Nix says', async (context) => {
    needs(context, 'nix');
    const { code, stdout } = await root.run(SCRIPT, {
      NIX_CONFIG: 'max-jobs = 3\nsystem = aarch64-linux\nsystem-features = kvm gccarch-x',
    });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'localhost aarch64-linux - 3 1 gccarch-x,kvm - -\n',
    });
  });
});
