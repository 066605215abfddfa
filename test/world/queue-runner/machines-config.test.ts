import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MachinesFileError, parseMachinesConfig } from '../../../local/world/queue-runner/machines-config.ts';

const CAPTURES = join(import.meta.dirname, '../../fixtures/hydra-status');

const uris = (text: string): string[] =>
  [...parseMachinesConfig(text).values()].map((machine) => machine.uri);
const only = (text: string): unknown => [...parseMachinesConfig(text).values()][0];

describe('a line', () => {
  it('has eight columns', () => {
    expect(
      only(
        'ssh://root@h:2222?compress=true x86_64-linux,i686-linux /key 4 2.5 kvm,big-parallel big-parallel AAAA=',
      ),
    ).toEqual({
      identity: 'ssh://root@h:2222',
      uri: 'ssh://root@h:2222?compress=true',
      scheme: 'ssh',
      address: 'h:2222',
      user: 'root',
      systemTypes: ['i686-linux', 'x86_64-linux'],
      maxJobs: 4,
      speedFactor: 2.5,
      supportedFeatures: ['big-parallel', 'kvm'],
      mandatoryFeatures: ['big-parallel'],
    });
  });

  it('may end early; what is missing, or -, has a default', () => {
    const expected = {
      systemTypes: [],
      maxJobs: 1,
      speedFactor: 1,
      supportedFeatures: [],
      mandatoryFeatures: [],
    };
    expect(only('ssh://h')).toMatchObject(expected);
    expect(only('ssh://h - - - - - - -')).toMatchObject(expected);
  });

  it.each([
    ['a bare host', 'root@h x', 'ssh://root@h', 'h'],
    ['an IPv6 address', 'ssh://root@[fd00::1]:23 x', 'ssh://root@[fd00::1]:23', '[fd00::1]:23'],
    ['the usual port', 'ssh://h:22 x', 'ssh://h:22', 'h'],
    ['another scheme', 'ssh-ng://root@h x', 'ssh-ng://root@h', 'h'],
    ['a pseudo store', 'daemon x', 'daemon', ''],
  ])('names its machine by %s', (_, line, uri, address) => {
    expect(only(line)).toMatchObject({ uri, address });
  });

  it('takes speed factor 0 for 1', () => {
    expect(only('ssh://h x - 1 0')).toMatchObject({ speedFactor: 1 });
  });

  it('may have more columns', () => {
    expect(only('ssh://h x - 1 1 - - - and more')).toMatchObject({ maxJobs: 1 });
  });
});

describe('a file', () => {
  it('separates machines by lines and semicolons and drops comments, blanks and includes', () => {
    const text =
      '# a comment\n\nssh://a x - 0 ; ssh://b x # two on one line ; ssh://no\n  @/etc/more\n\tssh://c x\n';
    expect(uris(text)).toEqual(['ssh://a', 'ssh://b', 'ssh://c']);
  });

  it('lets the last line of a machine count, parameters not being part of its name', () => {
    expect(uris('ssh://h?x=1 a\nssh://h b\n')).toEqual(['ssh://h']);
    expect(uris('ssh://h a\nssh://root@h b\n')).toEqual(['ssh://h', 'ssh://root@h']);
  });

  it.each([
    ['max-jobs is no number', 'ssh://h x - four', 'column #3'],
    ['max-jobs is negative', 'ssh://h x - -1', 'column #3'],
    ['max-jobs is a fraction', 'ssh://h x - 1.5', 'column #3'],
    ['max-jobs is too large', 'ssh://h x - 4294967296', 'column #3'],
    ['the speed factor is no number', 'ssh://h x - 1 fast', 'column #4'],
    ['the speed factor is negative', 'ssh://h x - 1 -1', 'speed factor'],
    ['the host key is not base64', 'ssh://h x - 1 1 - - ssh-ed25519', 'column #7'],
    ['the address is broken', 'ssh://[fd00::1 x', 'URI'],
  ])('is refused whole when %s', (_, line, complaint) => {
    expect(() => parseMachinesConfig(`ssh://good x\n${line}\n`)).toThrow(MachinesFileError);
    expect(() => parseMachinesConfig(line)).toThrow(complaint);
  });
});

describe('a captured file', () => {
  it.each(['odd-but-valid-lines', 'mandatory-both-cols', 'running-3-machines', 'placeholder-maxjobs0'])(
    'is read as the real program read it: %s',
    (name) => {
      const status = JSON.parse(readFileSync(join(CAPTURES, `${name}.json`), 'utf8')) as {
        machines: Record<string, Record<string, unknown>>;
      };
      const listed = Object.entries(status.machines).filter(([, machine]) => machine['enabled']);
      const read = [
        ...parseMachinesConfig(readFileSync(join(CAPTURES, `${name}.machines`), 'utf8')).values(),
      ];
      const described = read.map(({ uri, systemTypes, supportedFeatures, mandatoryFeatures }) => [
        uri,
        { systemTypes, supportedFeatures, mandatoryFeatures },
      ]);
      const expected = listed.map(([uri, { systemTypes, supportedFeatures, mandatoryFeatures }]) => [
        uri,
        { systemTypes, supportedFeatures, mandatoryFeatures },
      ]);
      expect(described.sort()).toEqual(expected.sort());
    },
  );

  it('is refused where the real program refused it', () => {
    const text = readFileSync(join(CAPTURES, 'first-start-malformed-file.machines'), 'utf8');
    expect(() => parseMachinesConfig(text)).toThrow(
      "column #3 in a row: 'ssh://root@127.0.0.14 x86_64-linux",
    );
  });
});
