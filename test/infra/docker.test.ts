import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { needs } from '../needs.ts';
import { infraFile } from './nixos.ts';
import { ScratchRoot } from './scratch-root.ts';

const OURS = '/srv/hydra/provisioner/machines';
const STATIC = '/srv/hydra/static/machines';

let root: ScratchRoot;
beforeEach(() => {
  root = new ScratchRoot();
  // Ours beside each other, as people copy them.
  mkdirSync(join(root.path, 'hydra-host'));
  for (const name of ['docker.sh', 'local-machine.sh'])
    copyFileSync(infraFile(`hydra-host/${name}`), join(root.path, 'hydra-host', name));
  root.program('nix', "printf 'system = x86_64-linux\\nmax-jobs = 12\\nsystem-features = big-parallel\\n'");
  runs('7 /usr/bin/hydra-queue-runner -v');
});
afterEach(() => {
  root.remove();
});

/** A container with these processes besides its entrypoint, in Docker's own words. */
function runs(...processes: readonly string[]): void {
  root.program(
    'docker',
    `case $1 in
top) printf '%s\n' 'PID COMMAND' '3 /bin/sh /entrypoint' '9 hydra-queue-runner --status' ${processes.map((line) => `'${line}'`).join(' ')} ;;
exec) shift 3; exec "$@" ;;
esac`,
  );
}
const environment = (variables: string): void => {
  root.write('proc/7/environ', `HOME=/\0${variables}\0X=1\0`);
};
const prepare = (container = '') => root.run(`sh "$HYDRA_AUTOSCALER_ROOT/hydra-host/docker.sh" ${container}`);

describe('a container', () => {
  it.each([
    ['/etc/a:/srv/b', '/etc/a:/srv/b'],
    [`/etc/a:${OURS}`, '/etc/a'],
  ])('that was told of files keeps them: %s', async (told, files) => {
    environment(`NIX_REMOTE_SYSTEMS=${told}`);
    expect(await prepare()).toEqual({ code: 0, stdout: `HYDRA_MACHINES_FILES=${files}\n`, stderr: '' });
    expect(root.has(STATIC)).toBe(false);
    expect(root.mode('srv/hydra/provisioner')).toBe('755');
  });

  it('that was told of none reads Nix’s own, where it is in there', async () => {
    environment('A=b');
    root.write('etc/nix/machines', 'that of the host is another\n');
    root.write('proc/7/root/etc/nix/machines', 'mine x86_64-linux\n');
    expect((await prepare()).stdout).toBe('HYDRA_MACHINES_FILES=/etc/nix/machines\n');
  });

  it.each(['A=b', 'NIX_REMOTE_SYSTEMS='])('that builds goes on with its slots: %s', async (variables) => {
    environment(variables);
    const { code, stdout, stderr } = await prepare('other');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `HYDRA_MACHINES_FILES=${STATIC}\n` });
    expect(stderr).toContain('goes on building');
    expect(root.read(STATIC)).toBe('localhost x86_64-linux,i686-linux - 12 1 big-parallel - -\n');
    expect(root.calls).toContain('docker exec -i other sh -s');
    // And again, once it reads what it was told to: somebody's line stays.
    root.write(STATIC, 'localhost x86_64-linux - 1 1 - - -\n');
    environment(`NIX_REMOTE_SYSTEMS=${STATIC}:${OURS}`);
    expect(await prepare('other')).toEqual({
      code: 0,
      stdout: `HYDRA_MACHINES_FILES=${STATIC}\n`,
      stderr: '',
    });
    expect(root.read(STATIC)).toBe('localhost x86_64-linux - 1 1 - - -\n');
  });

  it('is looked at below its wrapper', async () => {
    runs('5 /bin/sh /usr/bin/hydra-queue-runner', '7 /opt/.hydra-queue-runner-wrapped -v');
    root.write('proc/5/environ', 'A=b\0');
    environment('NIX_REMOTE_SYSTEMS=/etc/a');
    expect((await prepare()).stdout).toBe('HYDRA_MACHINES_FILES=/etc/a\n');
  });

  it('is refused, with nothing made, where no queue runner or no Nix answers', async () => {
    runs('8 postgres');
    expect(await prepare()).toMatchObject({ code: 65, stdout: '' });
    root.program('docker', 'exit 1');
    expect(await prepare()).toMatchObject({ code: 65, stdout: '' });
    runs('7 hydra-queue-runner');
    environment('A=b');
    root.program('nix', 'exit 1');
    expect(await prepare()).toMatchObject({ code: 65, stdout: '' });
    expect(root.has('srv/hydra')).toBe(false);
  });
});

describe('the recipe for Compose', () => {
  const recipe = infraFile('hydra-host/docker-compose.yaml');

  it('extends what the service reads, and is refused until that is said', (context) => {
    needs(context, 'docker-compose');
    root.write(
      'theirs.yaml',
      'services:\n  hydra:\n    image: x\n    environment:\n      NIX_REMOTE_SYSTEMS: /etc/a\n',
    );
    const merged = (variables: Readonly<Record<string, string>>): string =>
      execFileSync('docker-compose', ['-f', join(root.path, 'theirs.yaml'), '-f', recipe, 'config'], {
        encoding: 'utf8',
        stdio: 'pipe',
        env: { PATH: process.env['PATH'], ...variables },
      });
    expect(merged({ HYDRA_MACHINES_FILES: '/etc/a' })).toContain(`NIX_REMOTE_SYSTEMS: /etc/a:${OURS}\n`);
    expect(() => merged({})).toThrow(/run docker\.sh, which says what the queue runner reads so far/);
  });
});
