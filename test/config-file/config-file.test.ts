/** A configuration file and everything that is said of it, each thing with its place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  ConfigError,
  examineConfig,
  examineFile,
  readConfigFile,
  UnreadableConfigError,
} from '../../lambdas/config-file/config-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'config-file-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(text: string): string {
  const file = join(folder, 'autoscaler.json');
  writeFileSync(file, text);
  return file;
}

const HOST = '"host": { "instanceId": "i-0123456789abcdef0" }';
const examined = (text: string) => examineFile(fileOf(text), examineConfig);
const told = (text: string): readonly string[] =>
  examined(text).problems.map(({ path, place }) => `${place?.line ?? ''}:${place?.column ?? ''} ${path}`);

function errorOf(file: string): ConfigError {
  try {
    readConfigFile(file);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('a configuration file', () => {
  it('is read with comments, trailing commas and a byte order mark', () => {
    const text = `\uFEFF{ // mine\n ${HOST}, "systemTypes": { "x86_64-linux": { "maxMachines": 4, }, }, }`;
    expect(readConfigFile(fileOf(text)).machineTypes[0]?.maxMachines).toBe(4);
  });

  it('tells of every problem its line and column, in order', () => {
    const text = `{\n ${HOST},\n "systemTypes": {\n  "aarch64-linux": { "maxJobs": 0 },\n  "x86_64-linux": {\n   "maxMachine": 2, "gracePeriod": "10m"\n  }\n },\n "tag": "a b"\n}`;
    expect(told(text)).toEqual([
      '4:22 systemTypes.aarch64-linux.maxJobs',
      '6:4 systemTypes.x86_64-linux.maxMachine',
      '6:21 systemTypes.x86_64-linux.gracePeriod',
      '9:2 tag',
    ]);
    expect(errorOf(fileOf(text)).message).toMatch(
      /autoscaler\.json has 4 problems:\n {2}4:22 {2}systemTypes\.aarch64-linux\.maxJobs: must be at least 1, is 0\n/,
    );
  });

  it('places what is missing at the object that lacks it', () => {
    expect(told('{\n "host": {}\n}')).toEqual(['2:2 host.instanceId']);
    expect(told('{}')).toEqual([': host']);
  });

  it('with a key twice is refused, and the rest is told as well, the hidden twin’s mistakes among it', () => {
    const text = `{ ${HOST},\n "systemTypes": {\n  "x86_64-linux": { "maxMachines": "4" },\n  "x86_64-linux": { "maxMachines": 40, "maxJobs": 0 } } }`;
    expect(told(text)).toEqual([
      '3:21 systemTypes.x86_64-linux.maxMachines',
      '4:3 systemTypes.x86_64-linux',
      '4:40 systemTypes.x86_64-linux.maxJobs',
    ]);
    expect(examined(text).problems[1]?.says).toMatch(/a second time, after line 3.* keep one/);
  });

  it('with a key twice is refused even where all else is well', () => {
    const text = `{ ${HOST}, "tag": "a", "tag": "a" }`;
    expect(examined(text).problems).not.toEqual([]);
    expect(told(text)).toEqual(['1:64 tag']);
  });

  it.each([
    ['no JSON', '{ "tag": }', /1:10 {2}\(the whole file\): is not JSON/],
    ['empty', '', /is empty/],
  ])('that is %s cannot be read, which is another matter than a wrong one', (_what, text, words) => {
    const error = errorOf(fileOf(text));
    expect(error).toBeInstanceOf(UnreadableConfigError);
    expect(error.message).toMatch(words);
    expect(errorOf(fileOf('{}'))).not.toBeInstanceOf(UnreadableConfigError);
  });

  it('that is not there is told as such', () => {
    expect(errorOf(join(folder, 'none.json'))).toBeInstanceOf(UnreadableConfigError);
    expect(errorOf(join(folder, 'none.json')).message).toContain('name an existing file');
  });
});
