import { describe, expect, it } from 'vitest';
import { readStatusCommand } from '../../../local/programs/import/command.ts';

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

describe('a status command in a container', () => {
  const DOCKER = ['docker', 'exec', '-e', 'LOGNAME=hydra', 'hydra', 'hydra-queue-runner', '--status'];

  it.each([
    ['docker exec hydra hydra-queue-runner --status', DOCKER],
    [['sudo', 'docker', 'exec', '-it', 'hydra', 'hydra-queue-runner', '--status'], DOCKER],
    ['ssh root@host docker exec hydra hydra-queue-runner --status', DOCKER],
    [DOCKER, DOCKER],
    [
      'podman exec --user 1000 --env=LOGNAME=me hydra hydra-queue-runner --status',
      ['podman', 'exec', '--user', '1000', '--env=LOGNAME=me', 'hydra', 'hydra-queue-runner', '--status'],
    ],
    [
      'kubectl exec -n ci deployment/hydra -- hydra-queue-runner --status',
      [
        'kubectl',
        'exec',
        '-n',
        'ci',
        'deployment/hydra',
        '--',
        'env',
        'LOGNAME=hydra',
        'hydra-queue-runner',
        '--status',
      ],
    ],
    [
      'nixos-container run hydra -- hydra-queue-runner --status',
      ['nixos-container', 'run', 'hydra', '--', 'env', 'LOGNAME=hydra', 'hydra-queue-runner', '--status'],
    ],
  ])('%j is told the user the database knows', (written, statusCommand) => {
    expect(status(written)).toMatchObject({ statusCommand });
  });

  it.each([
    ['docker exec hydra x', 'LOGNAME=hydra was added'],
    ['docker exec -it -e LOGNAME=me hydra x', 'its terminal falls away'],
    ['docker compose exec -T hydra x', 'name the container'],
    ['kubectl exec hydra-7f9c-x2 -- x', 'deployment/NAME'],
    ['machinectl shell hydra@hydra x', 'no exit code'],
  ])('%s: what to look at is said', (written, words) => {
    const { notes } = readStatusCommand('statusCommand', written);
    expect(notes.map(({ message }) => message).join(' ')).toContain(words);
  });

  it('is none where only a word looks like one', () => {
    expect(status(['docker-status', 'exec'])).toEqual({ statusCommand: ['docker-status', 'exec'], notes: 0 });
  });
});
