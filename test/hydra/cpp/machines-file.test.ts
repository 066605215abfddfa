/** The machines file we write. */
import { describe, expect, test } from 'vitest';
import {
  fileOwner,
  MachinesFileError,
  machinesFileProblems,
  renderMachinesFile,
} from '../../../lambdas/hydra/cpp/machines-file.ts';
import type { Listing } from '../../../lambdas/hydra/cpp/life/listing.ts';

const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGqTVLXznxE05yDzH/zotyWkg53vcZrrWiWDpuOe2Ez/';
const plain: Listing = {
  instanceId: 'i-0123456789abcdef0',
  address: '10.0.0.5',
  systems: ['x86_64-linux', 'i686-linux'],
  maxJobs: 4,
  speedFactor: 1,
  supportedFeatures: [],
  mandatoryFeatures: [],
};

function linesOf(...listings: Listing[]): string[] {
  return renderMachinesFile('my-farm', listings)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

describe('a line', () => {
  test.each<readonly [string, Partial<Listing>, string]>([
    ['with nothing optional', {}, 'root@10.0.0.5 x86_64-linux,i686-linux - 4 1 - - -'],
    [
      'with everything',
      {
        sshKey: '/k/id',
        speedFactor: 1.5,
        supportedFeatures: ['kvm', 'big'],
        mandatoryFeatures: ['big'],
        hostKey: HOST_KEY,
      },
      `root@10.0.0.5 x86_64-linux,i686-linux /k/id 4 1.5 kvm,big big ${btoa(HOST_KEY)}`,
    ],
    [
      'with a feature given as mandatory only',
      { mandatoryFeatures: ['gpu'] },
      'root@10.0.0.5 x86_64-linux,i686-linux - 4 1 gpu gpu -',
    ],
    [
      'that holds a place only',
      { address: 'placeholder-aarch64.invalid', systems: ['aarch64-linux'], maxJobs: 0 },
      'root@placeholder-aarch64.invalid aarch64-linux - 0 1 - - -',
    ],
    [
      'with a user and a port',
      { address: 'h', sshUser: 'nix', sshPort: 2222 },
      'nix@h:2222 x86_64-linux,i686-linux - 4 1 - - -',
    ],
    ['with an IPv6 address', { address: 'fd00::1' }, 'root@[fd00::1] x86_64-linux,i686-linux - 4 1 - - -'],
    [
      'with IPv6 and port',
      { address: 'fd00::1', sshPort: 2222 },
      'root@[fd00::1]:2222 x86_64-linux,i686-linux - 4 1 - - -',
    ],
    [
      'with the smallest speed',
      { speedFactor: 1e-6 },
      'root@10.0.0.5 x86_64-linux,i686-linux - 4 0.000001 - - -',
    ],
  ])('%s', (_case, changes, line) => {
    expect(linesOf({ ...plain, ...changes })).toEqual([`ssh://${line}`]);
  });

  test('base64 is of the host key line exactly as given', () => {
    const hostKey = `${HOST_KEY} root@builder 1`;
    const column =
      linesOf({ ...plain, hostKey })[0]
        ?.split(' ')
        .at(-1) ?? '';
    expect(Buffer.from(column, 'base64').toString()).toBe(hostKey);
  });
});

describe('the file', () => {
  test('equal listings in any order give equal bytes', () => {
    const others = ['10.0.0.12', 'b', 'a', '10.0.0.4'].map((address) => ({ ...plain, address }));
    expect(renderMachinesFile('my-farm', [plain, ...others])).toBe(
      renderMachinesFile('my-farm', [...others.toReversed(), plain]),
    );
    expect(linesOf(plain, ...others).map((line) => line.split(' ')[0])).toEqual(
      ['10.0.0.12', '10.0.0.4', '10.0.0.5', 'a', 'b'].map((address) => `ssh://root@${address}`),
    );
  });

  test('says whose it is in a comment that parsers before 2024 take for one too, and ends in a line break', () => {
    expect(renderMachinesFile('my-farm', [])).toMatch(/^#[^;@]*hydra-autoscaler \(farm my-farm\)[^;@]*\n$/);
    expect(fileOwner(renderMachinesFile('my-farm', [plain]))).toEqual({ farm: 'my-farm' });
  });

  test('is not written when anything is wrong, and everything wrong is said', () => {
    const bad = { ...plain, address: 'a b', systems: [], maxJobs: 1.5, mandatoryFeatures: ['x,y'] };
    const twice = { ...plain, address: '10.0.0.6' };
    const problems = machinesFileProblems([bad, plain, twice, twice]);
    expect(problems).toEqual([
      expect.stringMatching(/^"a b": address must be/),
      expect.stringMatching(/^"a b": systems must name at least one/),
      expect.stringMatching(/^"a b": maxJobs 1.5 must be a whole number from 0 to 4294967295/),
      expect.stringMatching(/^"a b": mandatoryFeatures "x,y" must be a word without/),
      expect.stringMatching(/^"10.0.0.6": listed 2 times/),
    ]);
    expect(() => renderMachinesFile('my-farm', [bad, plain, twice, twice])).toThrow(
      new MachinesFileError(problems),
    );
  });

  test.each([
    'H',
    'h',
    'ssh://h',
    'root@h',
    '',
    '-',
    '-oProxyCommand=x',
    'h:22',
    'h:',
    'h x',
    'h\nx',
    '[::1',
    'fe80::1%eth0',
    '[h]:22',
    'h#',
    'h;',
    'ü',
  ])('address %j is fine only if it is a host', (address) => {
    expect(machinesFileProblems([{ ...plain, address }])).toHaveLength(address.toLowerCase() === 'h' ? 0 : 1);
  });

  test.each(['', '-', 'a b', 'a\tb', 'a\nb', 'a,b', 'a#b', 'a;b', '@a', 'naïve', 'a\u00a0b', 'a\0b'])(
    'word %j is refused everywhere',
    (word) => {
      const columns = [
        { systems: [word] },
        { supportedFeatures: ['kvm', word] },
        { mandatoryFeatures: [word] },
      ];
      for (const change of columns) expect(machinesFileProblems([{ ...plain, ...change }])).toHaveLength(1);
      expect(machinesFileProblems([{ ...plain, sshKey: word }])).toHaveLength(word === 'a,b' ? 0 : 1);
    },
  );

  test.each<Partial<Listing>>([
    { maxJobs: -1 },
    { maxJobs: NaN },
    { maxJobs: 4_294_967_296 },
    { sshUser: '' },
    { sshUser: '-oProxyCommand=x' },
    { sshUser: 'a@b' },
    { sshPort: 0 },
    { sshPort: 65_536 },
    { sshPort: 22.5 },
    { speedFactor: 0 },
    { speedFactor: -1 },
    { speedFactor: NaN },
    { speedFactor: 1e-7 },
    { speedFactor: 1e21 },
    { hostKey: '' },
    { hostKey: `${HOST_KEY}\n${HOST_KEY}` },
    { hostKey: 'ssh-ed25519' },
    { hostKey: `${HOST_KEY} müller` },
  ])('%j is refused', (change) => {
    expect(machinesFileProblems([{ ...plain, ...change }])).toHaveLength(1);
  });

  test('two addresses that are one for the queue runner are refused', () => {
    expect(machinesFileProblems([plain, { ...plain, address: 'B' }, { ...plain, address: 'b' }])).toEqual([
      '"b": listed 2 times; list it once',
    ]);
  });
});
