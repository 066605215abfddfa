/** The probe by the real ssh, to a real sshd on a port of its own, as another user than root. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Readiness } from '../../../lambdas/core/model/index.ts';
import { inBase64 } from '../../../lambdas/hydra/documents.ts';
import { realProgram, ScratchHost } from '../../fakes/scratch-host.ts';
import { leaveOut, needs } from '../../needs.ts';
import { observe } from './observing.ts';

const PROGRAMS = ['sshd', 'ssh', 'ssh-keygen', 'runuser'];
const NOBODY = 65_534;
const canRun = process.getuid?.() === 0 && PROGRAMS.every((name) => realProgram(name) !== undefined);

let host: ScratchHost;
let port: number;
let daemon: ChildProcess | undefined;

/** A key pair of somebody, whose private half nobody else can read. */
function keyPair(name: string, owner: number): string {
  const file = host.file(`keys/${name}.pub`, '').replace(/\.pub$/, '');
  execFileSync('sh', ['-c', `rm -f '${file}.pub'; ssh-keygen -q -t ed25519 -N '' -C '' -f '${file}'`]);
  chownSync(file, owner, owner);
  return file;
}

const publicHalf = (file: string): string => readFileSync(`${file}.pub`, 'utf8').trim();

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  return free;
}

beforeAll(async () => {
  host = new ScratchHost();
  if (!canRun) return;
  host.tools('ssh', 'runuser', 'readlink', 'sed');
  host.program('hydra-queue-runner', 'echo {}');
  chmodSync(host.root, 0o755);
  chmodSync(host.path('tmp'), 0o755);
  mkdirSync('/run/sshd', { recursive: true });
  port = await freePort();
  const answer = String.raw`command="printf '\313\356\122\124'"`;
  host.file('authorized', `${answer} ${publicHalf(keyPair('client', NOBODY))}\n`);
  const settings = [
    ...[`ListenAddress 127.0.0.1:${port}`, `HostKey ${keyPair('host', 0)}`],
    ...[
      'StrictModes no',
      'UsePAM no',
      'PermitRootLogin yes',
      `AuthorizedKeysFile ${host.path('authorized')}`,
    ],
  ];
  const config = host.file('sshd_config', `${settings.join('\n')}\n`);
  daemon = spawn(realProgram('sshd') ?? '', ['-D', '-e', '-f', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (daemon.stderr === null) throw new Error('sshd has no stderr');
  for await (const line of createInterface({ input: daemon.stderr })) if (line.includes('listening')) break;
});
afterAll(() => {
  daemon?.kill();
  host.remove();
});

/** The queue runner is a process of nobody's, with this in its environment. */
async function probed(options: string, key: string, hostKey: string): Promise<Readiness | undefined> {
  host.file('proc/77/cmdline', 'hydra-queue-runner\0-v\0');
  host.file('proc/77/environ', `NIX_SSHOPTS=${options}\0HOME=/nonexistent\0`);
  chownSync(host.path('proc/77'), NOBODY, NOBODY);
  const { probes } = await observe(host, {
    probes: [`i-00000001 127.0.0.1 ${port} root ${key} ${inBase64(hostKey)}`],
  });
  return probes[0];
}

describe('a probe by the real ssh', () => {
  beforeEach((context) => {
    needs(context, ...PROGRAMS);
    if (process.getuid?.() !== 0) leaveOut(context, 'has to be root to become the queue runner');
  });

  it('reaches a machine by the key of the type, and by what the queue runner’s own options name', async () => {
    const client = host.path('keys/client');
    const hostKey = publicHalf(host.path('keys/host'));
    expect(await probed('', client, hostKey)).toMatchObject({ reached: true });
    expect(await probed(`-i ${client}`, '-', hostKey)).toMatchObject({ reached: true });
    expect(await probed('', '-', hostKey)).toMatchObject({
      reached: false,
      detail: expect.stringContaining('Permission denied (publickey') as unknown,
    });
  });

  it('fails by a key that only root can read: the queue runner could not use it either', async () => {
    const client = host.path('keys/client');
    chownSync(client, 0, 0);
    expect(await probed('', client, publicHalf(host.path('keys/host')))).toMatchObject({ reached: false });
    chownSync(client, NOBODY, NOBODY);
  });

  it('fails by another host key than the machine’s, whatever the queue runner’s options would let pass', async () => {
    const other = publicHalf(host.path('keys/client'));
    const result = await probed('-o StrictHostKeyChecking=no', host.path('keys/client'), other);
    expect(result).toMatchObject({ reached: false, detail: 'Host key verification failed.' });
  });
});
