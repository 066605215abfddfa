import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leaveOut, needs } from '../needs.ts';
import { infraFile } from './nixos.ts';
import { ScratchRoot } from './scratch-root.ts';

const SCRIPT = readFileSync(infraFile('builders/hide-role.sh'), 'utf8');

let root: ScratchRoot;
beforeEach(() => {
  root = new ScratchRoot();
});
afterEach(() => {
  root.remove();
});

/** Asks the metadata service as root and as somebody else, inside a network where this program is the service. */
const ASK = `
const { createServer } = require('node:http');
const { execFile } = require('node:child_process');
const ask = (uid, from, address) => new Promise((resolve) =>
  execFile('curl', ['-s', '-g', '-m', '20', '--interface', from, 'http://' + address + '/'], { uid }, (error, said) =>
    resolve(error === null ? said : { 7: 'refused' }[error.code] ?? error.code)));
const server = createServer((_, answer) => answer.end('role')).listen(80, '::', async () => {
  const said = {};
  for (const [from, address] of [['10.0.0.1', '169.254.169.254'], ['fd00::1', '[fd00:ec2::254]'], ['10.0.0.1', '10.0.0.1']])
    said[address] = [await ask(0, from, address), await ask(65534, from, address)];
  console.log(JSON.stringify(said));
  server.close();
});`;

describe('the rule that hides a role', () => {
  it('refuses the metadata service to everybody but those named, by either address, once and again', (context) => {
    needs(context, 'unshare', 'ip', 'iptables', 'ip6tables', 'curl');
    if (spawnSync('unshare', ['-n', 'true']).status !== 0)
      leaveOut(context, 'needs the right to make networks');
    const script = `set -eu; root=
      ip link set lo up
      for address in 169.254.169.254 10.0.0.1 fd00:ec2::254 fd00::1; do ip address add $address dev lo nodad; done
      ${SCRIPT}
      hide_role root
      iptables -F OUTPUT; ip6tables -F
      hide_role root
      hide_role root
      [ "$(iptables -S OUTPUT | grep -c hydra-role)" = 1 ]
      exec "$NODE" -e "$ASK"`;
    const env = {
      ...process.env,
      PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
      NODE: process.execPath,
      ASK,
    };
    const said = execFileSync('unshare', ['-n', 'sh', '-s'], {
      input: script,
      encoding: 'utf8',
      env,
      stdio: 'pipe',
    });
    expect(JSON.parse(said)).toEqual({
      '169.254.169.254': ['role', 'refused'],
      '[fd00:ec2::254]': ['role', 'refused'],
      '10.0.0.1': ['role', 'role'],
    });
  });

  const hide = (users: string) => root.run(`set -u; root=${root.path}\n${SCRIPT}\nhide_role ${users}`);

  it('lets each of several users pass, and leads to the rule only when it is whole', async () => {
    root.write('proc/net/if_inet6', '');
    root.program('iptables', '[ "$2" != -C ]');
    root.program('ip6tables', '[ "$2" != -C ]');
    expect(await hide('root hydra-www')).toMatchObject({ code: 0 });
    expect(root.calls.slice(0, 6)).toEqual([
      'iptables -w -C OUTPUT -d 169.254.169.254 -j hydra-role',
      'iptables -w -N hydra-role',
      'iptables -w -A hydra-role -m owner --uid-owner root -j RETURN',
      'iptables -w -A hydra-role -m owner --uid-owner hydra-www -j RETURN',
      'iptables -w -A hydra-role -j REJECT',
      'iptables -w -I OUTPUT -d 169.254.169.254 -j hydra-role',
    ]);
    expect(root.calls.at(-1)).toBe('ip6tables -w -I OUTPUT -d fd00:ec2::254 -j hydra-role');
  });

  it('fails where any part of it does', async () => {
    root.write('proc/net/if_inet6', '');
    for (const refused of ['-N|-F', '-A', '-I']) {
      root.program('iptables', `case $2 in -C|${refused}) exit 1 ;; esac`);
      root.program('ip6tables');
      expect((await hide('root')).code).not.toBe(0);
    }
    root.program('iptables');
    root.program('ip6tables', 'exit 3');
    expect((await hide('root')).code).not.toBe(0);
  });

  it.each([
    [7, 7, 0],
    [28, 7, 0],
    [0, 7, 1],
    [7, 22, 1],
    [127, 127, 1],
  ])('is tried by those who may not set it: curl ends with %i and %i', async (four, six, code) => {
    root.program('id', 'echo 1000');
    root.program('curl', `case "$*" in *fd00*) exit ${six} ;; *) exit ${four} ;; esac`);
    expect(await hide('root')).toMatchObject({ code });
    expect(root.calls.filter((call) => call.includes('tables'))).toEqual([]);
  });

  it('needs no rule for IPv6 where the kernel has none', async () => {
    root.program('iptables');
    root.program('ip6tables', 'exit 3');
    expect(await hide('root')).toMatchObject({ code: 0 });
  });
});
