import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodePublished, type PublishAnswer } from '../../../lambdas/hydra/cpp/host-answer.ts';
import { renderMachinesFile } from '../../../lambdas/hydra/cpp/machines-file.ts';
import { realProgram, ScratchHost, SHELLS } from '../../fakes/scratch-host.ts';
import type { ScriptResult } from '../../fakes/ssm-agent.ts';
import { observe } from './observing.ts';

const FILE = 'var/lib/hydra/provisioner/machines';
const DIRECTORY = 'var/lib/hydra/provisioner';
const HEADER = renderMachinesFile('farm', []);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe.each(SHELLS)('publish, run by %s', (shell) => {
  let host: ScratchHost;
  beforeEach(() => {
    host = new ScratchHost({ shell });
  });
  afterEach(() => host.remove());

  interface Changes {
    readonly replaced?: string;
    readonly path?: string;
    readonly republish?: 'yes' | 'no';
    readonly sha256?: string;
  }

  function publish(content: string, changes: Changes = {}): Promise<ScriptResult> {
    const parameters = {
      content: gzipSync(content).toString('base64'),
      sha256: changes.sha256 ?? sha256(content),
      republish: changes.republish ?? 'no',
      replaced: changes.replaced ?? '',
    };
    const { path: machinesFile } = changes;
    return host.run('publish', parameters, machinesFile === undefined ? {} : { machinesFile });
  }

  async function published(content: string, changes: Changes = {}): Promise<PublishAnswer> {
    const result = await publish(content, changes);
    const answer = decodePublished(result.stdout);
    if (!answer.ok) throw new Error(`${answer.problem.says}: ${result.stderr}`);
    return answer.value;
  }

  const leftovers = (): string[] => readdirSync(host.path(DIRECTORY)).filter((name) => name !== 'machines');

  it('makes the file, readable for everybody, and reads it back', async () => {
    const content = `${HEADER}root@10.0.0.1 x86_64-linux\n`;
    const answer = await published(content);
    expect(host.read(FILE)).toBe(content);
    expect(statSync(host.path(FILE)).mode & 0o777).toBe(0o644);
    expect(answer).toMatchObject({ written: true, sha256: sha256(content) });
    expect(answer.hostNow - answer.modifiedAt).toBeLessThan(60);
    expect(leftovers()).toEqual([]);
  });

  it('replaces it by another inode, so that the queue runner notices', async () => {
    await published(HEADER);
    const before = statSync(host.path(FILE)).ino;
    await published(`${HEADER}root@10.0.0.1 x86_64-linux\n`);
    expect(statSync(host.path(FILE)).ino).not.toBe(before);
  });

  it('does nothing when the same command comes twice', async () => {
    await published(HEADER);
    utimesSync(host.path(FILE), 1_700_000_000, 1_700_000_000);
    const before = statSync(host.path(FILE));
    expect(await published(HEADER)).toMatchObject({ written: false, modifiedAt: 1_700_000_000 });
    expect(statSync(host.path(FILE)).ino).toBe(before.ino);
  });

  it('gives the same content a new modification time when asked to', async () => {
    await published(HEADER);
    utimesSync(host.path(FILE), 1_700_000_000, 1_700_000_000);
    const answer = await published(HEADER, { republish: 'yes' });
    expect(answer.written).toBe(true);
    expect(answer.modifiedAt).toBeGreaterThan(1_700_000_000);
  });

  it('ends with one whole file when two run at once', async () => {
    const contents = ['a', 'b', 'c', 'd'].map(
      (name) => `${HEADER}${`root@${name} x86_64-linux\n`.repeat(500)}`,
    );
    await Promise.all(contents.map((content) => publish(content)));
    expect(contents).toContain(host.read(FILE));
    expect(leftovers()).toEqual([]);
  });

  it('never shows half a file to somebody who reads all the time', async () => {
    const contents = ['a', 'b'].map((name) => `${HEADER}${`root@${name} x86_64-linux\n`.repeat(2000)}`);
    await published(contents[0] ?? '');
    const seen = new Set<string>();
    let reading = true;
    const reader = (async () => {
      for (; reading; await new Promise(setImmediate)) seen.add(host.read(FILE));
    })();
    for (const content of [...contents, ...contents]) await published(content);
    reading = false;
    await reader;
    expect([...seen].every((text) => contents.includes(text))).toBe(true);
  });

  describe('a file of hydra-autoscaler', () => {
    const UNNAMED = '# Written by hydra-autoscaler. Changes made by hand are overwritten.\nroot@a x\n';

    it.each(['other', 'farm2', 'far', 'Farm'])('of the farm %s is left alone, and named', async (tag) => {
      const theirs = renderMachinesFile(tag, []);
      host.file(FILE, theirs);
      const result = await publish(HEADER, { replaced: sha256(theirs), republish: 'yes' });
      expect(result).toMatchObject({ exitCode: 65, stdout: '' });
      expect(result.stderr).toContain(
        `belongs to the farm ${tag}, and this one is farm: give host.machinesFile`,
      );
      expect(host.read(FILE)).toBe(theirs);
    });

    it('that names no farm is replaced only if it is the one that was looked at', async () => {
      host.file(FILE, UNNAMED);
      for (const replaced of ['', sha256(HEADER)]) {
        const result = await publish(HEADER, { replaced });
        expect(result).toMatchObject({ exitCode: 65, stdout: '' });
        expect(result.stderr).toContain('does not say for which farm');
        expect(host.read(FILE)).toBe(UNNAMED);
      }
      expect(await published(HEADER, { replaced: sha256(UNNAMED) })).toMatchObject({ written: true });
      expect(host.read(FILE)).toBe(HEADER);
    });

    it('is seen for whose it is when the host is looked at', async () => {
      host.program('hydra-queue-runner', 'echo {}');
      host.file(FILE, UNNAMED);
      expect(await observe(host)).toMatchObject({ file: { sha256: sha256(UNNAMED), isUnnamed: true } });
      host.file(FILE, renderMachinesFile('arm', []));
      const { unofferable, file } = await observe(host);
      expect([unofferable?.says, file?.isUnnamed]).toEqual([
        expect.stringMatching(/belongs to the farm arm/),
        false,
      ]);
      host.file(FILE, HEADER);
      expect(await observe(host)).not.toHaveProperty('unofferable');
    });
  });

  it('adopts an empty file', async () => {
    host.file(FILE, '');
    expect(await published(HEADER)).toMatchObject({ written: true });
  });

  it.each<[string, number, (host: ScratchHost) => Changes, string]>([
    ['a directory that does not exist', 72, (at) => ({ path: at.path('nowhere/machines') }), 'create it'],
    ['a path that is not absolute', 64, () => ({ path: 'machines' }), 'absolute'],
    ['a path that names a directory', 64, (at) => ({ path: `${at.path(DIRECTORY)}/` }), 'absolute'],
    [
      'a symbolic link',
      65,
      (at) => {
        symlinkSync(at.file('etc/nix/machines', 'root@static\n'), at.path(FILE));
        return {};
      },
      'symbolic link',
    ],
    [
      'a directory in place of the file',
      65,
      (at) => {
        mkdirSync(at.path(FILE));
        return {};
      },
      'not a regular file',
    ],
    [
      'a file somebody else wrote',
      65,
      (at) => {
        at.file(FILE, 'root@static x86_64-linux\n');
        return {};
      },
      'not written by hydra-autoscaler',
    ],
    ['content that does not fit its checksum', 74, () => ({ sha256: 'a'.repeat(64) }), 'damaged'],
  ])('refuses %s', async (_, exitCode, prepare, named) => {
    const changes = prepare(host);
    const before = host.exists(FILE) && statSync(host.path(FILE)).isFile() ? host.read(FILE) : undefined;
    const result = await publish(`${HEADER}root@new\n`, changes);
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.stderr).toContain(named);
    if (before !== undefined) expect(host.read(FILE)).toBe(before);
    expect(leftovers()).toEqual([]);
  });

  it.each([
    ['a full disk', 'gzip', 'head -c 10; exit 1'],
    ['a full disk nobody noticed', 'gzip', 'exec head -c 10'],
    ['a rename that fails', 'mv', 'exit 1'],
    ['a mode that cannot be changed', 'chmod', 'exit 1'],
    ['no room for a temporary file', 'mktemp', 'echo "mktemp: no space left" >&2; exit 1'],
  ])('leaves the old file whole at %s', async (_, tool, script) => {
    await published(HEADER);
    host.program(tool, script);
    const result = await publish(`${HEADER}root@new\n`);
    expect(result.exitCode).toBeGreaterThanOrEqual(73);
    expect(result.stderr).toContain('hydra-autoscaler: ');
    expect(host.read(FILE)).toBe(HEADER);
    expect(leftovers()).toEqual([]);
  });

  it('cleans up after being told to end, and after runs that were killed', async () => {
    const stale = host.file(`${DIRECTORY}/.hydra-autoscaler.killed`, 'half');
    utimesSync(stale, 1_700_000_000, 1_700_000_000);
    host.file(`${DIRECTORY}/.other`, 'not ours');
    host.program('gzip', 'kill -TERM $PPID; exec cat');
    expect((await publish(HEADER)).exitCode).not.toBe(0);
    expect(leftovers()).toEqual(['.other']);
  });

  it('tells when somebody changes the file in the same moment', async () => {
    host.program('mv', `${realProgram('mv')} "$@"; echo changed >'${host.path(FILE)}'`);
    const result = await publish(HEADER);
    expect(result).toMatchObject({ exitCode: 74, stdout: '' });
    expect(result.stderr).toContain('somebody else');
  });

  it('treats odd paths as nothing but paths', async () => {
    const odd = `var/lib/$(touch broken) 'x' ; "y"`;
    mkdirSync(host.path(odd), { recursive: true });
    chmodSync(host.path(odd), 0o755);
    await published(HEADER, { path: host.path(`${odd}/machines`) });
    expect(host.read(`${odd}/machines`)).toBe(HEADER);
  });
});
