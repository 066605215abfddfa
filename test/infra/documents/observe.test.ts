import { createHash } from 'node:crypto';
import { chmodSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realProgram, ScratchHost, SHELLS } from '../../fakes/scratch-host.ts';
import { needs } from '../../needs.ts';
import { observe, questionParameters, statusIn } from './observing.ts';

describe.each(SHELLS)('observe, run by %s', (shell) => {
  let host: ScratchHost;
  beforeEach(() => {
    host = new ScratchHost({ shell });
    host.program('hydra-queue-runner', `printf '{"status":"down"}\\n'`);
  });
  afterEach(() => host.remove());

  it('brings status, exit code, clock and system of a host with the barest environment', async () => {
    host.program('date', 'echo 1763600000');
    host.program('uname', 'case $1 in -m) echo arm64 ;; *) echo Darwin ;; esac');
    const answer = await observe(host);
    expect(answer).toMatchObject({
      exitCode: 0,
      hostNow: 1_763_600_000,
      hostSystem: 'aarch64-darwin',
      stderr: '',
    });
    expect(statusIn(answer)).toBe('{"status":"down"}\n');
    expect(answer).not.toHaveProperty('file');
  });

  it.each([
    ['x86_64', 'Linux', 'x86_64-linux'],
    ['aarch64', 'Linux', 'aarch64-linux'],
    ['i686', 'Linux', 'i686-linux'],
    ['amd64', 'FreeBSD', 'x86_64-freebsd'],
  ])('calls %s %s by its Nix name', async (cpu, kernel, system) => {
    host.program('uname', `case $1 in -m) echo ${cpu} ;; *) echo ${kernel} ;; esac`);
    expect((await observe(host)).hostSystem).toBe(system);
  });

  it('tells checksum and modification time of the machines file', async () => {
    host.file('var/lib/hydra/provisioner/machines', '# hello\n');
    const { file, hostNow } = await observe(host);
    expect(file?.sha256).toBe(createHash('sha256').update('# hello\n').digest('hex'));
    expect(Math.abs(hostNow - (file?.modifiedAt ?? 0))).toBeLessThan(60);
  });

  it('keeps exit code and the end of stderr apart from a status that came all the same', async () => {
    host.program(
      'hydra-queue-runner',
      `head -c 3000 /dev/zero | tr '\\0' x >&2; echo 'error: queue runner did not respond' >&2; echo '{"status":"up"}'; exit 1`,
    );
    const answer = await observe(host);
    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toMatch(/^x+error: queue runner did not respond\n$/);
    expect(answer.stderr).toHaveLength(1024);
    expect(statusIn(answer)).toBe('{"status":"up"}\n');
  });

  it('reports a status command that does not exist as such', async () => {
    const answer = await observe(host, { command: ['no-such-program'] });
    expect(answer.exitCode).toBe(127);
    expect(answer.stderr).toContain('no-such-program');
    expect(statusIn(answer)).toBe('');
  });

  it('gives the command its words and environment untouched, whatever they look like', async () => {
    host.program('show', 'for word; do printf "<%s>" "$word"; done; printf "%s|%s" "$DBI" "$LOGNAME"');
    const hostile = [
      "it's",
      '$(touch broken)',
      '`id`',
      '; rm -rf /',
      'a  b',
      '*',
      '"',
      '\\n',
      '-x',
      'ünï',
      '{{ user }}',
    ];
    const answer = await observe(host, {
      command: ['show', ...hostile],
      environment: { DBI: `dbi:Pg:dbname=hydra;user='x' $HOME`, LOGNAME: 'hydra' },
    });
    expect(statusIn(answer)).toBe(
      `${hostile.map((word) => `<${word}>`).join('')}dbi:Pg:dbname=hydra;user='x' $HOME|hydra`,
    );
  });

  it('sets LOGNAME, HOME and a PATH with the directories of NixOS after the agent’s own', async () => {
    host.program('show', 'printf "%s %s %s %s" "$LOGNAME" "$HOME" "$PATH" "$(umask)"');
    const [logname, home, path = '', umask] = statusIn(await observe(host, { command: ['show'] })).split(' ');
    expect(logname).toBe(process.getuid?.() === 0 ? 'root' : expect.stringMatching(/./));
    expect(home).toMatch(/^\//);
    expect(umask).toBe('0022');
    expect(path.split(':').slice(0, 2)).toEqual([
      host.path('run/wrappers/bin'),
      host.path('run/current-system/sw/bin'),
    ]);
  });

  it.each(['runuser', 'setpriv', 'sudo', 'su'])('runs the command as another user by %s', async (tool) => {
    const command = tool === 'su' ? 'shift 6; exec "$@"' : 'while [ "$1" != env ]; do shift; done; exec "$@"';
    host.program(tool, `echo "${tool} $*" >>"${host.path('calls')}"; ${command}`);
    host.program('id', 'case $1 in -un) echo root ;; *) echo 4711 ;; esac');
    host.program('show', 'printf "%s" "$LOGNAME"');
    const answer = await observe(host, { command: ['show', 'a b'], user: 'hydra-www' });
    expect(answer.stderr).toBe('');
    expect(statusIn(answer)).toBe('hydra-www');
    expect(host.read('calls')).toContain(tool === 'setpriv' ? '4711' : 'hydra-www');
  });

  const runuser = process.getuid?.() === 0 && realProgram('runuser') !== undefined;
  it.runIf(runuser)('really becomes another user where it is root', async () => {
    host.tools('runuser');
    chmodSync(host.root, 0o755);
    const answer = await observe(host, { command: ['/usr/bin/id', '-un'], user: 'nobody' });
    expect(statusIn(answer).trim()).toBe('nobody');
  });

  it.each([
    ['timeout', []],
    ['a watchdog of its own', ['timeout']],
  ])('ends a status command that hangs, by %s', async (_, without) => {
    host.remove();
    host = new ScratchHost({ shell, without });
    // Twenty seconds pass at once on this host, as soon as the command has begun.
    const clock = host.file('clock', '1000');
    const passing = `until grep -q 1020 '${clock}'; do ${realProgram('sleep')} 0.05; done`;
    host.program('date', `read -r now <'${clock}'; echo "$now"`);
    host.program('sleep', `case $1 in 20) ${passing} ;; esac`);
    if (without.length === 0) {
      host.program('timeout', `[ "$4" = true ] || { shift 3; "$@" & ${passing}; kill $!; exit 124; }`);
    }
    host.program('hydra-queue-runner', `echo 1020 >'${clock}'; exec ${realProgram('sleep')} 60`);
    const answer = await observe(host);
    expect(answer.exitCode).toBe(124);
    expect(answer.stderr).toContain('it was stopped after 20 s');
    expect(statusIn(answer)).toBe('');
  });

  it('does not let a status command fill the disk', async () => {
    host.program('hydra-queue-runner', 'trap "" XFSZ; exec cat /dev/zero');
    const answer = await observe(host);
    expect(answer.exitCode).not.toBe(0);
    expect(answer.payload.length).toBeLessThan(200_000);
  });

  it('leaves nothing behind, and clears away what killed runs left', async () => {
    host.file('tmp/hydra-autoscaler.killed/status', 'old');
    host.file('tmp/other.killed/status', 'not ours');
    host.tools('touch');
    await observe(host, { command: ['touch', '-d', '2020-01-01', host.path('tmp/hydra-autoscaler.killed')] });
    await observe(host);
    expect(readdirSync(host.path('tmp'))).toEqual(['other.killed']);
  });

  it.each([
    ['gzip', 'gzip'],
    ['sha256sum', 'sha256sum'],
  ])('says what is missing on a host without %s', async (tool, named) => {
    host.remove();
    host = new ScratchHost({ shell, without: [tool] });
    const result = await host.run('observe', questionParameters());
    expect(result.exitCode).toBe(69);
    expect(result.stderr).toContain(named);
    expect(result.stdout).toBe('');
    expect(readdirSync(host.path('tmp'))).toEqual([]);
  });
});

describe('observe, with the tools of other systems', () => {
  it.for(['shasum', 'openssl'])('finds checksums by %s', async (tool, context) => {
    if (tool === 'openssl') needs(context, 'openssl');
    const host = new ScratchHost({ without: ['sha256sum'] });
    if (tool === 'openssl') host.tools('openssl');
    // Perl, which shasum is written in, is found by absolute path.
    else host.program('shasum', `exec ${realProgram('sha256sum')}`);
    host.program('hydra-queue-runner', 'echo {}');
    expect(statusIn(await observe(host))).toBe('{}\n');
    host.remove();
  });

  it('manages with the base64, stat and timeout of macOS', async () => {
    const host = new ScratchHost({ without: ['timeout', 'getent'] });
    host.program(
      'base64',
      `case \${1:-} in -D) exec ${realProgram('base64')} -d ;; -*) exit 64 ;; *) exec ${realProgram('base64')} ;; esac`,
    );
    host.program('stat', `[ "$1" = -f ] && exec ${realProgram('stat')} -c %Y "$3"; exit 1`);
    host.program('hydra-queue-runner', 'echo {}');
    host.file('var/lib/hydra/provisioner/machines', '');
    const answer = await observe(host);
    expect(statusIn(answer)).toBe('{}\n');
    expect(answer.file?.modifiedAt).toBeGreaterThan(1_700_000_000);
    host.remove();
  });
});
