/** Files of the simulated host while scripts read them. */
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { putFile, putFiles, putProcess } from '../../../local/world/host/whole-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hydra-autoscaler-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('a file that is open stays as it was when another takes its place', () => {
  const file = join(folder, 'deep', 'file');
  putFile(file, 'old');
  const opened = openSync(file, 'r');
  putFile(file, 'new');
  expect(readFileSync(opened, 'utf8')).toBe('old');
  closeSync(opened);
  expect(readFileSync(file, 'utf8')).toBe('new');
});

it('a directory has what was put last, and nothing else', () => {
  putFiles(
    folder,
    new Map([
      ['a', '1'],
      ['b', '2'],
    ]),
  );
  putFiles(folder, new Map([['b', '3']]));
  expect(readdirSync(folder)).toEqual(['b']);
  expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('3');
});

it('a process has its name, its arguments and its environment', () => {
  putProcess(folder, '7', { name: 'runner', args: ['/bin/runner', '-v'], environ: ['A=1'] });
  const read = (name: string): string => readFileSync(join(folder, 'proc', '7', name), 'utf8');
  expect([read('comm'), read('cmdline'), read('environ')]).toEqual([
    'runner\n',
    '/bin/runner\0-v\0',
    'A=1\0',
  ]);
});
