/** The machines file of a host that really has one, as the simulated queue runner polls it. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MachinesFileOnDisk } from '../../local/world/host/host-files.ts';

let directory: string;
let file: string;
let now = 0;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'hydra-autoscaler-machines-'));
  file = path.join(directory, 'machines');
  now = 1000;
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Writes over the file in place, at a time of the disk's clock. */
function write(text: string, diskSeconds: number): void {
  writeFileSync(file, text);
  utimesSync(file, diskSeconds, diskSeconds);
}

describe('a machines file on disk', () => {
  it('is changed for the queue runner by a second write within one second of the disk, later in simulated time', () => {
    const source = new MachinesFileOnDisk(file, () => now);
    expect(source.stat()).toBeUndefined();
    write('one\n', 500.25);
    const first = source.stat();
    now += 60;
    write('other\n', 500.5);
    const second = source.stat();

    expect([first?.mtime, second?.mtime]).toEqual([1000, 1060]);
    expect(second?.inode).toBe(first?.inode);
    expect(source.read()).toBe('other\n');
  });

  it('is not changed by time going by', () => {
    const source = new MachinesFileOnDisk(file, () => now);
    write('one\n', 500);
    const first = source.stat();
    now += 3600;

    expect(source.stat()).toEqual(first);
  });
});
