import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentContent } from '../../../infra/documents/documents.ts';
import type { MachineAnswer } from '../../../lambdas/hydra/cpp/ask-machines.ts';
import { askMachines } from '../../../lambdas/hydra/cpp/ask-machines.ts';
import { ImpatientClock } from '../../fakes/impatient-clock.ts';
import { ScratchHost } from '../../fakes/scratch-host.ts';
import { SsmStandIn } from '../../fakes/ssm.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKTzQCl4mKjSnMGuJoxzSjDKPJVKQzFzeqTzVe4Qe3Qu';

let ssm: SsmStandIn;
let clock: ImpatientClock;
const machines: ScratchHost[] = [];
beforeEach(async () => {
  ssm = await SsmStandIn.start();
  ssm.document('stack-ask-machine', documentContent('askMachine'));
  clock = new ImpatientClock();
});
afterEach(async () => {
  await ssm.stop();
  for (const machine of machines.splice(0)) machine.remove();
});

function machine(id: string, serving = 0): ScratchHost {
  const host = new ScratchHost();
  machines.push(host);
  host.file('proc/self/comm', 'sh\n');
  host.file('etc/ssh/ssh_host_ed25519_key.pub', `${KEY} root@nixos\n`);
  for (let pid = 1; pid <= serving; pid++) {
    host.file(`proc/${pid}/comm`, 'nix-store\n');
    host.file(`proc/${pid}/cmdline`, 'nix-store\0--serve\0--write\0');
  }
  ssm.node(id, host);
  return host;
}

const look = (ids: readonly string[]) =>
  askMachines({ client: ssm.client(), clock, document: 'stack-ask-machine' }, ids);

/** What they said, where all could be asked. */
async function ask(ids: readonly string[]): Promise<ReadonlyMap<string, MachineAnswer>> {
  const { answers, problems } = await look(ids);
  expect(problems).toEqual([]);
  return answers;
}

describe('machines asked themselves', () => {
  it('say whether they are quiet, and their host key without its comment', async () => {
    machine('i-1');
    machine('i-2', 3);
    expect(await ask(['i-1', 'i-2'])).toEqual(
      new Map([
        ['i-1', { quiet: true, hostKey: KEY }],
        ['i-2', { quiet: false, hostKey: KEY }],
      ]),
    );
  });

  it('are left out while they are not registered, offline, or cannot answer', async () => {
    machine('i-1');
    ssm.node('i-2');
    machine('i-4').program('tr', 'kill -9 $PPID');
    machine('i-5');
    ssm.instead.set('i-5', 'InProgress');
    expect([...(await ask(['i-1', 'i-2', 'i-3', 'i-4', 'i-5'])).keys()]).toContain('i-1');
    expect([...(await ask(['i-2', 'i-3', 'i-5'])).keys()]).toEqual([]);
    expect(ssm.sent.map(({ InstanceIds }) => InstanceIds)).toEqual([['i-1', 'i-4', 'i-5'], ['i-5']]);
  });

  it('are not waited for until the tick has no time left', async () => {
    machine('i-1');
    ssm.instead.set('i-1', 'InProgress');
    await ask(['i-1']);
    expect(clock.sleeps.reduce((sum, sleep) => sum + sleep, 0)).toBeLessThan(25);
  });

  it('are never called quiet on an answer that is not theirs', async () => {
    machine('i-1');
    for (const text of [
      '',
      'v1 0',
      'v2 0 -',
      'v1 00000000 -',
      'v1 0 - extra',
      'v1 -1 -',
      'v1 x -',
      'v1 1 -\nv1 0 -',
    ]) {
      ssm.mangle = () => text;
      expect((await ask(['i-1'])).get('i-1')?.quiet, text).not.toBe(true);
    }
  });

  it('are not quiet where their processes cannot be seen', async () => {
    machine('i-1');
    ssm.mangle = () => 'v1 - -\n';
    expect(await ask(['i-1'])).toEqual(new Map([['i-1', { quiet: false }]]));
  });

  it('have no host key where it is none', async () => {
    machine('i-1').file('etc/ssh/ssh_host_ed25519_key.pub', 'ssh-ed25519 AAAA\n');
    expect((await ask(['i-1'])).get('i-1')).toEqual({ quiet: true });
  });

  it('are asked fifty at a time, each once', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `i-${index}`);
    const host = machine('i-0');
    for (const id of ids) ssm.node(id, host);
    expect((await ask([...ids, ...ids])).size).toBe(60);
    expect(ssm.sent.map(({ InstanceIds }) => InstanceIds.length)).toEqual([50, 10]);
  });

  it('are unknown when nobody may ask, which is told with the call and AWS’s code', async () => {
    machine('i-1');
    for (const call of ['DescribeInstanceInformation', 'SendCommand', 'GetCommandInvocation']) {
      ssm.failNext(call, { code: 'AccessDeniedException' });
      const { answers, problems } = await look(['i-1']);
      expect(answers).toEqual(new Map());
      expect(problems).toMatchObject([
        { says: expect.stringMatching(`^${call} .*AccessDeniedException`) as unknown },
      ]);
    }
    expect(await ask([])).toEqual(new Map());
  });

  it('are one problem, however many cannot be asked', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => `i-${index}`);
    const host = machine('i-0');
    for (const id of ids) ssm.node(id, host);
    for (let batch = 0; batch < 3; batch++) ssm.failNext('SendCommand', { code: 'AccessDeniedException' });
    const { answers, problems } = await look(ids);
    expect(answers).toEqual(new Map());
    expect(problems).toMatchObject([
      { says: expect.stringMatching(/^SendCommand .* \(3 times\)$/) as unknown },
    ]);
  });

  it('are found on every page, an empty one too', async () => {
    machine('i-1');
    ssm.emptyPages = 2;
    expect([...(await ask(['i-1'])).keys()]).toEqual(['i-1']);
  });
});
