import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScratchHost, SHELLS } from '../../fakes/scratch-host.ts';

const GATE = 'run/hydra-drain';
const FULL = `${GATE}/full`;

/** A machine whose df tells of the gate: 64 KiB, all of them taken by any byte that is in it. */
function machineWithGate(
  shell: string,
  line = '"tmpfs $size $((size - free)) $free 0% $place"',
): ScratchHost {
  const machine = new ScratchHost({ shell });
  mkdirSync(machine.path(GATE), { recursive: true });
  machine.program(
    'df',
    `size=64; free=64; place='${machine.path(GATE)}'
     if [ -s "$place/full" ]; then free=0; fi
     echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'; echo ${line}`,
  );
  return machine;
}

describe.each(SHELLS)('the gate, run by %s', (shell) => {
  let machine: ScratchHost;
  beforeEach(() => {
    machine = machineWithGate(shell);
  });
  afterEach(() => machine.remove());

  const turn = (gate: string) => machine.run('gate', { gate });

  it('is closed and opened, once or twice, and says so', async () => {
    for (const [order, state] of [
      ['close', 'closed'],
      ['close', 'closed'],
      ['open', 'open'],
      ['open', 'open'],
    ] as const) {
      expect(await turn(order)).toEqual({ exitCode: 0, stdout: `v1 gate ${state}\n`, stderr: '' });
      expect(machine.exists(FULL)).toBe(state === 'closed');
    }
  });

  it('opens whatever lies in it', async () => {
    machine.file(`${GATE}/.hidden/file`, 'x');
    machine.file(FULL, 'x');
    expect((await turn('open')).stdout).toBe('v1 gate open\n');
    expect(machine.exists(`${GATE}/.hidden`)).toBe(false);
  });

  it('is never begun anew while it is closed, which would open it for a moment', async () => {
    machine.file(FULL, 'the first bytes');
    await turn('close');
    expect(machine.read(FULL)).toMatch(/^the first bytes\0/);
  });

  it.each([
    ['close', 'echo not much room >&2; exit 1', 'head'],
    ['open', 'exit 1', 'find'],
  ])('says where it did not %s', async (order, script, tool) => {
    if (order === 'open') machine.file(FULL, 'x');
    machine.program(tool, tool === 'head' ? script : 'exit 0');
    const result = await turn(order);
    expect(result).toMatchObject({ exitCode: 74, stdout: '' });
    expect(result.stderr).toMatch(/^hydra-autoscaler: the gate in .* is not (open|closed): tmpfs 64 /);
  });

  it.each([
    ['nothing of its own', '"tmpfs 64 0 64 0% /run"', 'no file system of its own'],
    ['a file system that is no gate', '"tmpfs 800000 0 800000 0% $place"', 'too large'],
    ['nothing at all', '""', 'no file system of its own'],
  ])('is refused where there is %s, and nothing is filled', async (_, line, named) => {
    machine.remove();
    machine = machineWithGate(shell, line);
    for (const order of ['close', 'open']) {
      const result = await turn(order);
      expect(result).toMatchObject({ exitCode: 72, stdout: '' });
      expect(result.stderr).toContain(named);
    }
    expect(machine.exists(FULL)).toBe(false);
  });

  it('knows no third order', () => {
    for (const gate of ['', 'shut', "open'", 'close\n']) {
      expect(() => machine.run('gate', { gate })).toThrow('does not match');
    }
  });
});

const MOUNT = ['unshare', '--mount', '--map-root-user', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'gate'];
const canMount = spawnSync(MOUNT[0] ?? '', [...MOUNT.slice(1), '/mnt']).status === 0;

describe.runIf(canMount)('a real gate, a tmpfs of 64 KiB', () => {
  it('is full when it is closed, and empty when it is open', async () => {
    const machine = new ScratchHost();
    machine.tools('df');
    mkdirSync(machine.path(GATE), { recursive: true });
    const mount = `mount -t tmpfs -o size=64k gate '${machine.path(GATE)}'`;
    // Each run has a mount of its own, which ends with it.
    const shell = machine.file(
      'mounting-shell',
      `#!/bin/sh\nexport PATH=/usr/bin:/bin:/usr/sbin:/sbin\n` +
        `exec unshare --mount --map-root-user sh -c "${mount}; [ ! -e '${machine.path('prefill')}' ] || echo x >'${machine.path(FULL)}'; exec /bin/sh \\"\\$1\\"" sh "$1"\n`,
    );
    chmodSync(shell, 0o755);
    Object.assign(machine, { shell });
    expect(await machine.run('gate', { gate: 'close' })).toMatchObject({ stdout: 'v1 gate closed\n' });
    machine.file('prefill', '');
    expect(await machine.run('gate', { gate: 'open' })).toMatchObject({ stdout: 'v1 gate open\n' });
    expect(await machine.run('gate', { gate: 'close' })).toMatchObject({ stdout: 'v1 gate closed\n' });
    machine.remove();
  });
});
