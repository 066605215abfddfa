import { describe, expect, it } from 'vitest';
import { explainFailure } from '../../../lambdas/hydra/cpp/command-failure.ts';
import { parseQueueStatus } from '../../../lambdas/hydra/cpp/queue-status.ts';

const RUNNER = ['hydra-queue-runner', '--status'];
const DOCKER = ['docker', 'exec', 'hydra', ...RUNNER];
const NO_LOGNAME = "error: environment variable 'LOGNAME' is not set";
const NO_PASSWORD =
  'connection to server at "db" (10.0.0.1), port 5432 failed: fe_sendauth: no password supplied';

describe('a status command that fails', () => {
  it.each<[readonly string[], string, string]>([
    [RUNNER, NO_LOGNAME, 'set LOGNAME in host.environment'],
    [['sudo', '-u', 'hydra', ...RUNNER], NO_LOGNAME, 'set LOGNAME in host.environment'],
    [DOCKER, NO_LOGNAME, 'add "-e", "LOGNAME=hydra" behind "exec"'],
    [['sudo', '/usr/bin/docker', ...DOCKER.slice(1)], NO_LOGNAME, 'add "-e", "LOGNAME=hydra" behind "exec"'],
    [['podman', 'exec', 'hydra', ...RUNNER], NO_LOGNAME, 'as podman exec hands no environment on'],
    [['docker', 'compose', 'exec', 'hydra', ...RUNNER], NO_LOGNAME, 'add "-e", "LOGNAME=hydra"'],
    [
      ['nixos-container', 'run', 'hydra', '--', ...RUNNER],
      NO_LOGNAME,
      'put "env", "LOGNAME=hydra" before the program',
    ],
    [
      ['machinectl', '-q', 'shell', 'hydra@hydra', ...RUNNER],
      NO_LOGNAME,
      'add "--setenv=LOGNAME=hydra" behind "shell"',
    ],
    [['kubectl', 'exec', 'hydra-0', '--', ...RUNNER], NO_LOGNAME, 'put "env", "LOGNAME=hydra" before'],
    [['ssh', 'hydra', ...RUNNER], NO_LOGNAME, 'put "env", "LOGNAME=hydra" before'],
    [DOCKER, "error: environment variable 'HYDRA_DATA' is not set", 'HYDRA_DATA=/var/lib/hydra'],
    [RUNNER, NO_PASSWORD, 'set PGPASSFILE in host.environment: the file with the password'],
    [DOCKER, NO_PASSWORD, 'add "-e", "PGPASSFILE='],
    [RUNNER, 'FATAL: Peer authentication failed for user "x"', 'lets host.user in'],
    [DOCKER, 'Error: No such container: hydra', 'docker ps shows those that run'],
    [DOCKER, 'Error response from daemon: No such container: hydra', 'check the name of the container'],
    [
      ['podman', 'exec', 'hydra', ...RUNNER],
      'Error: no container with name or ID "hydra" found: no such container',
      'podman ps shows those that run',
    ],
    [
      ['nixos-container', 'run', 'hydra', '--', ...RUNNER],
      '/run/current-system/sw/bin/nixos-container: container ‘hydra’ does not exist',
      'nixos-container list shows those that run',
    ],
    [
      ['machinectl', 'shell', 'hydra', ...RUNNER],
      "Failed to get machine PTY: No machine 'hydra' known",
      'machinectl list shows those that run',
    ],
    [DOCKER, 'Error response from daemon: Container 4f5e is not running', 'start the container'],
    [DOCKER, 'Error response from daemon: container 4f5e is not running', 'start the container'],
    [
      ['nixos-container', 'run', 'hydra', '--', ...RUNNER],
      'container ‘hydra’ is not running',
      'start the container',
    ],
    [
      ['podman', 'exec', 'hydra', ...RUNNER],
      'Error: can only create exec sessions on running containers: container state improper',
      'start the container',
    ],
    [
      DOCKER,
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is it running?',
      'start Docker',
    ],
    [
      DOCKER,
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
      'group docker',
    ],
    [['docker', 'exec', '-it', 'hydra', ...RUNNER], 'the input device is not a TTY', 'take "-t" out'],
    [
      DOCKER,
      'OCI runtime exec failed: exec: "hydra-queue-runner": executable file not found in $PATH: unknown',
      'the full path of the program in host.statusCommand, as it is in the container',
    ],
  ])('%j saying %j has a remedy that can work', (command, stderr, remedy) => {
    expect(explainFailure({ exitCode: 1, stderr, command }).remedy).toContain(remedy);
  });

  it('is looked at by hand where it says nothing known', () => {
    expect(explainFailure({ exitCode: 9, stderr: 'x', command: DOCKER }).remedy).toContain('by hand');
    expect(explainFailure({ exitCode: 127, stderr: '', command: DOCKER }).remedy).toContain(
      'as it is in the container',
    );
  });
});

describe('the status of Hydra’s web page', () => {
  it('that is unknown is stale: its queue runner does not answer', () => {
    const stdout = '{"status":"unknown","time":1744500000,"uptime":90000,"nrRunnableSteps":3,"machines":{}}';
    for (const text of ['{"status":"unknown"}', stdout])
      expect(parseQueueStatus({ exitCode: 0, stdout: text, hostNow: 1_744_500_000 })).toMatchObject({
        trusted: false,
        cause: 'stale',
        says: expect.stringContaining('web server') as unknown,
      });
  });
});
