/** However a program ends, nothing of it stays; what could not go goes with the next one, and nothing of others does. */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeOwnDirectory } from '../../local/programs/start/own-directory.ts';
import { begin } from './program.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'programs-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const RUN = ['--json', '--speed', '20', '--port', '0'];

describe('npm start', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('leaves nothing after %s', async (signal, exit) => {
    const program = begin(directory, 'start', ...RUN);
    await program.speaks;
    program.signal(signal);
    expect((await program.ended).code).toBe(exit);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('removes what a run before it had to leave, and not what one beside it needs', async () => {
    const killed = begin(directory, 'start', ...RUN);
    await killed.speaks;
    const left = readdirSync(directory);
    expect(left).toHaveLength(1);
    killed.signal('SIGKILL');
    await killed.ended;
    const beside = begin(directory, 'region', '--json', '--port', '0');
    await beside.speaks;
    const standing = readdirSync(directory);
    expect(standing).toHaveLength(1);
    expect(standing).not.toEqual(left);
    await begin(directory, 'start', '--json', '--port', '0', '--hours', '0.01').ended;
    expect(readdirSync(directory)).toEqual(standing);
    beside.signal('SIGHUP');
    expect((await beside.ended).code).toBe(0);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('sweeping', () => {
  /** The marker of a process that was here and is gone. */
  function deadMarker(): { pid: number; where: string } {
    const { root, remove } = makeOwnDirectory(directory);
    const own = JSON.parse(readFileSync(path.join(root, 'process.json'), 'utf8')) as { where: string };
    remove();
    const pid = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
    return { where: own.where, pid };
  }

  function put(name: string, marker: unknown): string {
    mkdirSync(path.join(directory, name));
    writeFileSync(path.join(directory, name, 'process.json'), JSON.stringify(marker));
    return name;
  }

  it('takes only directories marked by a process that was here and is gone', () => {
    const dead = deadMarker();
    put('hydra-autoscaler-AAAAAA', dead);
    const kept = [
      put('hydra-autoscaler-Backup1', dead),
      put('hydra-autoscaler-alive1', { ...dead, pid: process.pid }),
      put('hydra-autoscaler-elsewh', { ...dead, where: 'another host' }),
      put('hydra-autoscaler-garble', 'garbled'),
      put('somebody-elses-AAAAAA', dead),
      'hydra-autoscaler-noMark',
      'hydra-autoscaler-symlnk',
    ];
    mkdirSync(path.join(directory, 'hydra-autoscaler-noMark'));
    symlinkSync(
      path.join(directory, 'somebody-elses-AAAAAA'),
      path.join(directory, 'hydra-autoscaler-symlnk'),
    );
    makeOwnDirectory(directory).remove();
    expect(readdirSync(directory).toSorted()).toEqual(kept.toSorted());
    expect(readdirSync(path.join(directory, 'somebody-elses-AAAAAA'))).toEqual(['process.json']);
  });
});
