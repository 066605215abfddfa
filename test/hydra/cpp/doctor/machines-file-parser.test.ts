/** The grammar of the machines file as the C++ queue runner reads it, checked against what a real one loaded. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  BadMachineError,
  parseMachinesFile,
} from '../../../../lambdas/hydra/cpp/doctor/machines-file-parser.ts';
import { CAPTURES, captureText } from '../answers.ts';

const machines = z.object({
  machines: z
    .record(
      z.string(),
      z.object({
        enabled: z.boolean(),
        systemTypes: z.array(z.string()),
        supportedFeatures: z.array(z.string()),
        mandatoryFeatures: z.array(z.string()),
      }),
    )
    .default({}),
});

/** What the status of the same moment says of the machines in the file. */
function loadedBy(name: string): object[] {
  return Object.entries(machines.parse(JSON.parse(captureText(name))).machines)
    .filter(([, { enabled }]) => enabled)
    .map(([uri, { systemTypes, supportedFeatures, mandatoryFeatures }]) => ({
      uri,
      systems: systemTypes,
      supportedFeatures,
      mandatoryFeatures,
    }));
}

const running = readdirSync(CAPTURES)
  .filter((file) => file.endsWith('.machines'))
  .map((file) => file.replace('.machines', ''))
  .filter((name) => captureText(name).startsWith('{"buildRead'));
const malformed = ['malformed-line-old-config-kept', 'first-start-malformed-file'];

describe('files a real queue runner loaded', () => {
  test.each(running.filter((name) => !malformed.includes(name)))('%s', (name) => {
    const read = parseMachinesFile(captureText(name, 'machines')).map(
      ({ uri, systems, supportedFeatures, mandatoryFeatures }) => ({
        uri,
        systems,
        supportedFeatures,
        mandatoryFeatures,
      }),
    );
    expect(read.toSorted((a, b) => (a.uri < b.uri ? -1 : 1))).toEqual(loadedBy(name));
  });

  test.each(malformed)('%s', (name) => {
    expect(() => parseMachinesFile(captureText(name, 'machines'))).toThrow(
      /^bad machine specification: failed to convert column #3 in a row: 'ssh:\/\/root@127\.0\.0\.14 .* four 1 - -' to 'unsigned int'$/,
    );
  });
});

describe('the grammar', () => {
  test('all columns', () => {
    const line = `h:22?x=1 b,a,b /key 7 .5 z,y - ${btoa('ssh-ed25519 AAAA')} more`;
    expect(parseMachinesFile(line)).toEqual([
      {
        uri: 'ssh://h:22?x=1',
        identity: 'ssh://h:22',
        address: 'h',
        systems: ['a', 'b'],
        sshKey: '/key',
        maxJobs: 7,
        speedFactor: 0.5,
        supportedFeatures: ['y', 'z'],
        mandatoryFeatures: [],
        hostKey: 'ssh-ed25519 AAAA',
      },
    ]);
  });

  test('defaults, comments, blank lines, carriage returns and semicolons', () => {
    const text = '# all ; of it\r\n\n \t \n\th1\t-\t-\r\n;h2 s - 0 0;; h3 # ;h4';
    const bare = { systems: [], maxJobs: 1, speedFactor: 1, supportedFeatures: [], mandatoryFeatures: [] };
    expect(parseMachinesFile(text)).toEqual([
      { ...bare, uri: 'ssh://h1', identity: 'ssh://h1', address: 'h1' },
      { ...bare, uri: 'ssh://h2', identity: 'ssh://h2', address: 'h2', systems: ['s'], maxJobs: 0 },
      { ...bare, uri: 'ssh://h3', identity: 'ssh://h3', address: 'h3' },
    ]);
  });

  test.each([
    ['ssh-ng://h', 'ssh-ng://h'],
    ['/nix/other', '/nix/other'],
    ['daemon', 'daemon'],
    ['local?root=x', 'local?root=x'],
    ['localhost', 'ssh://localhost'],
  ])('the store of %s is %s', (column, uri) => {
    expect(parseMachinesFile(column)[0]?.uri).toBe(uri);
  });

  test.each([
    ['- s', 'store URL was not found at the first column of a row'],
    ['h s - -1', "column #3 in a row: 'h s - -1' to 'unsigned int'"],
    ['h s - 4294967296', "to 'unsigned int'"],
    ['h s - 1 fast', "column #4 in a row: 'h s - 1 fast' to 'float'"],
    ['h s - 1 1e99', "to 'float'"],
    ['h s - 1 -1', 'speed factor must be >= 0'],
    ['h s - 1 1 - - A*A', "column #7 in a row: 'h s - 1 1 - - A*A' is not valid base64"],
    ['@/etc/nix/machines', 'includes cannot be read here'],
  ])('one bad line refuses the whole file: %s', (line, message) => {
    const read = (): unknown => parseMachinesFile(`good s\n${line}\ngood2 s`);
    expect(read).toThrow(BadMachineError);
    expect(read).toThrow(message);
  });
});
