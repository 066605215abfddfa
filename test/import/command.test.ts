import { describe, expect, it } from 'vitest';
import { machinesFileIn, readStatusCommand } from '../../local/import/command.ts';

const status = (written: string | readonly string[]): object => {
  const { notes, ...rest } = readStatusCommand('statusCommand', written);
  return { ...rest, notes: notes.length };
};

describe('a status command', () => {
  it.each([
    [['hydra-queue-runner', '--status'], { statusCommand: ['hydra-queue-runner', '--status'], notes: 0 }],
    ['hydra-queue-runner --status', { statusCommand: ['hydra-queue-runner', '--status'], notes: 0 }],
    [
      ['ssh', 'root@hydra', 'hydra-queue-runner --status'],
      { statusCommand: ['hydra-queue-runner', '--status'], notes: 1 },
    ],
    [
      ['/run/current-system/sw/bin/ssh', '-4', '-p', '2222', 'hydra', 'sudo', '-u', 'hydra', 'status', '-x'],
      { statusCommand: ['status', '-x'], user: 'hydra', notes: 1 },
    ],
    [
      'ssh -l runner hydra env A=1 B=2 status',
      { statusCommand: ['status'], user: 'runner', environment: { A: '1', B: '2' }, notes: 2 },
    ],
    [['ssh', 'hydra'], { notes: 1 }],
    ['ssh hydra "hydra-queue-runner --status | cat"', { notes: 2 }],
    [
      ['sh', '-c', 'hydra-queue-runner --status | cat'],
      { statusCommand: ['sh', '-c', 'hydra-queue-runner --status | cat'], notes: 0 },
    ],
  ])('%j', (written, expected) => {
    expect(status(written)).toEqual(expected);
  });
});

describe('the machines file in an update command', () => {
  it.each([
    ['ssh hydra "cat > /var/lib/hydra/machines"', '/var/lib/hydra/machines'],
    [['ssh', 'hydra', 'tee /etc/nix/machines.dynamic'], '/etc/nix/machines.dynamic'],
    ['cat > /a/b.new && mv /a/b.new /a/b', '/a/b'],
    ['cat > /a/b.new && mv -f /a/b.new /a/b', '/a/b'],
    ['cat > /a; cat > /b', undefined],
    [['my-script'], undefined],
  ])('%j', (written, expected) => {
    expect(machinesFileIn(written)).toBe(expected);
  });
});
