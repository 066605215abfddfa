import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { CppBuilders } from '../../../lambdas/hydra/cpp/builders.ts';
import type { AskMachines, MachineAnswer } from '../../../lambdas/hydra/cpp/ask-machines.ts';
import { hostKeyIn } from '../../../lambdas/hydra/cpp/host-keys.ts';
import type { Answer, Call, CannedEc2 } from '../../aws/ec2/canned-ec2.ts';
import { ok, refused, startCannedEc2 } from '../../aws/ec2/canned-ec2.ts';

const buildersAt = (ec2: CannedEc2, ask: AskMachines = () => answered(new Map())): CppBuilders =>
  new CppBuilders(ec2.client(2), ask);

const answered = (answers: ReadonlyMap<string, MachineAnswer>) => Promise.resolve({ answers, problems: [] });

const keyOf = (byte: number): string => {
  const name = Buffer.from('ssh-ed25519');
  const length = (value: number): Buffer => Buffer.from([0, 0, 0, value]);
  return `ssh-ed25519 ${Buffer.concat([length(11), name, length(32), Buffer.alloc(32, byte)]).toString('base64')}`;
};
const KEY = keyOf(1);
const RSA = `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ${'Q'.repeat(512)}`;

const block = (...lines: string[]): string =>
  ['-----BEGIN SSH HOST KEY KEYS-----', ...lines, '-----END SSH HOST KEY KEYS-----', ''].join('\r\n');

describe('the host key in a console', () => {
  it.each([
    [
      'NixOS, full keys',
      `stage-2-init: running\r\n${block(`${KEY} root@nixos`, `${RSA} root@nixos`)}login: `,
    ],
    ['the RSA key first', block(`${RSA} root@nixos`, `${KEY} root@nixos`)],
    [
      'cloud-init, ECDSA first',
      block('ecdsa-sha2-nistp256 AAAAE2VjZHNh= root@ip-10-0-0-4', `${KEY} root@ip-10-0-0-4`),
    ],
    ['a log prefix', block(`[   12.345678] print-host-key[512]: ${KEY} root@nixos`)],
    ['no comment', block(KEY)],
    ['an earlier boot with another key', block(`${keyOf(9)} root@nixos`) + block(`${KEY} root@nixos`)],
  ])('is found: %s', (_, text) => {
    expect(hostKeyIn(text)).toBe(KEY);
  });

  it.each([
    ['nothing yet', ''],
    [
      'NixOS up to 25.05, fingerprints only',
      '-----BEGIN SSH HOST KEY FINGERPRINTS-----\r\n256 SHA256:abc root@nixos (ED25519)\r\n-----END SSH HOST KEY FINGERPRINTS-----',
    ],
    ['a block still being printed', block(KEY).split('-----END')[0] ?? ''],
    ['a block whose beginning has scrolled away', block(KEY).split('KEYS-----\r\n').slice(1).join('')],
    ['a key outside the block', `${KEY} root@nixos\r\n${block(RSA)}`],
    ['a key that lost its end', block(KEY.slice(0, -3))],
    ['a key that is too long', block(`${KEY}A`)],
    [
      'a kernel message in the middle of it',
      block(`${KEY.slice(0, 40)}[ 1.2] usb 1-1: new device${KEY.slice(40)}`),
    ],
    ['only other kinds of key', block(RSA)],
  ])('is not there: %s', (_, text) => {
    expect(hostKeyIn(text)).toBeUndefined();
  });

  it('is one strict line or nothing, whatever the machine prints', () => {
    const pieces = fc.constantFrom(
      '-----BEGIN SSH HOST KEY KEYS-----',
      '-----END SSH HOST KEY KEYS-----',
      KEY,
      '\r\n',
      ' ',
      '$(x)',
    );
    const noise = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 30 });
    fc.assert(
      fc.property(noise, (parts) => {
        const key = hostKeyIn(parts.join(''));
        expect(
          key === undefined || /^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}$/.test(key),
        ).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the host keys of machines', () => {
  let ec2: CannedEc2;
  const start = async (answer: (call: Call) => Answer): Promise<CannedEc2> =>
    (ec2 = await startCannedEc2(answer));
  afterEach(() => ec2.close());
  const consoleXml = (text: string): Answer =>
    ok('GetConsoleOutput', `<output>${Buffer.from(text).toString('base64')}</output>`);

  it('come from the console, from the machine itself, or not at all', async () => {
    await start((call) => consoleXml(call.get('InstanceId') === 'i-01' ? block(KEY) : 'booting'));
    const askMachines = () => answered(new Map([['i-02', { quiet: true, hostKey: keyOf(2) }]]));
    const { identities: keys, problems } = await buildersAt(ec2, askMachines).identities([
      'i-01',
      'i-02',
      'i-03',
    ]);
    expect(problems).toEqual([]);
    expect(Object.fromEntries(keys)).toEqual({ 'i-01': KEY, 'i-02': keyOf(2) });
  });

  it('are none where console and machine tell different ones, which is said with both fingerprints', async () => {
    await start(() => consoleXml(block(KEY)));
    const askMachines = () =>
      answered(
        new Map([
          ['i-01', { quiet: true, hostKey: keyOf(2) }],
          ['i-02', { quiet: true, hostKey: KEY }],
        ]),
      );
    const {
      identities: keys,
      objections,
      problems,
    } = await buildersAt(ec2, askMachines).identities(['i-01', 'i-02']);
    expect([Object.fromEntries(keys), problems]).toEqual([{ 'i-02': KEY }, []]);
    // As ssh-keygen -l prints them.
    const fingerprints = [
      'SHA256:RXm/ruZ0eTzRXKwi1AQEDynB0VgHQ2ac9KPSFdf/YnA',
      'SHA256:baqJQcVDEweKmw1OiZxGooCG2MGxYtwsQQzzOstxmiA',
    ];
    expect(Object.fromEntries(objections ?? [])).toEqual({
      'i-01': `one SSH host key: its console tells ${fingerprints.join(', and over SSM it tells ')}`,
    });
  });

  it('come with the words of a setup that lets no builds in, unless a later boot did', async () => {
    const refuses = 'hydra-builder: takes no builds: they could have the role\u0007 of this machine\r\n';
    const texts: Record<string, string> = {
      'i-01': `${block(KEY)}[   31.4] ${refuses}`,
      'i-02': `${refuses}hydra-builder: ready\r\n`,
      'i-03': `hydra-builder: ready\r\n${refuses}`,
    };
    await start((call) => consoleXml(texts[call.get('InstanceId') ?? ''] ?? ''));
    const { identities: keys, objections } = await buildersAt(ec2).identities(Object.keys(texts));
    const said = 'a setup that lets builds in: its console says that it takes none: they could have the role';
    expect(Object.fromEntries(objections ?? [])).toEqual({ 'i-01': said, 'i-03': said });
    expect(keys.get('i-01')).toBe(KEY);
  });

  it('come from the kept console where the type has no live one', async () => {
    await start((call) =>
      call.get('Latest') === 'true' ? refused('UnsupportedOperation') : consoleXml(block(KEY)),
    );
    expect(await buildersAt(ec2).identities(['i-01'])).toEqual({
      identities: new Map([['i-01', KEY]]),
      problems: [],
    });
  });

  it.each([
    ['EC2 does not know the machine yet', refused('InvalidInstanceID.NotFound')],
    ['there is no console at all', refused('UnsupportedOperation')],
    ['the console is empty', ok('GetConsoleOutput', '')],
  ] as const)('are none, without a problem, when %s', async (_, answer) => {
    await start(() => answer);
    const nothing = { identities: new Map(), problems: [] };
    expect(await buildersAt(ec2).identities(['i-01', 'i-02'])).toEqual(nothing);
  });

  it.each([
    ['EC2 refuses', refused('UnauthorizedOperation', 403), 'was refused: UnauthorizedOperation: '],
    ['EC2 throttles', refused('RequestLimitExceeded', 503), 'was refused: RequestLimitExceeded: '],
    ['the connection breaks', 'connection lost', 'failed: no clear answer from AWS'],
  ] as const)('are unknown when %s and nobody can ask the machines', async (_, answer, words) => {
    await start(() => answer);
    const askMachines = () => Promise.reject(new Error('no agent'));
    const ids = Array.from({ length: 12 }, (__, index) => `i-${index}`);
    const { identities: keys, problems } = await buildersAt(ec2, askMachines).identities(ids);
    expect(keys).toEqual(new Map());
    expect(problems).toMatchObject([
      { says: expect.stringContaining(`GetConsoleOutput ${words}`) as unknown },
      { says: 'machines could not be asked: no agent' },
    ]);
    expect(problems[0]?.says).toMatch(/ \(12 times\)$/);
  });

  it('are asked for each machine once', async () => {
    await start(() => consoleXml(block(KEY)));
    const ids = Array.from({ length: 25 }, (_, index) => `i-${index}`);
    expect((await buildersAt(ec2).identities(ids)).identities.size).toBe(25);
    expect(ec2.calls.map((call) => call.get('InstanceId')).toSorted()).toEqual(ids.toSorted());
  });
});

describe('quiet machines', () => {
  it('are those that say so, and silence says nothing', async () => {
    const ec2 = await startCannedEc2(() => 'connection lost');
    const answers = new Map([
      ['i-01', { quiet: true }],
      ['i-02', { quiet: false }],
      ['i-09', { quiet: true }],
    ]);
    const builders = buildersAt(ec2, () => answered(answers));
    expect(await builders.storeUse(['i-01', 'i-02', 'i-03'])).toEqual({
      uses: new Map([
        ['i-01', 'quiet'],
        ['i-02', 'serving'],
      ]),
      problems: [],
    });
    const silent = buildersAt(ec2, () => Promise.reject(new Error('no agent')));
    expect(await silent.storeUse(['i-01'])).toEqual({
      uses: new Map(),
      problems: [{ says: 'machines could not be asked: no agent' }],
    });
    expect(await buildersAt(ec2).storeUse(['i-01'])).toEqual({ uses: new Map(), problems: [] });
    expect(ec2.calls).toEqual([]);
    await ec2.close();
  });
});
