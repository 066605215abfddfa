import { symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeInspection } from '../../../lambdas/hydra/cpp/doctor/decode-inspection.ts';
import { decodeRustInspection } from '../../../lambdas/hydra/rust/doctor/decode-inspection.ts';
import type { RustInspection } from '../../../lambdas/hydra/rust/doctor/inspection.ts';
import { SHELLS } from '../../fakes/scratch-host.ts';
import { RustHost } from './rust-host.ts';

const STORE = '/nix/store/ab8qgcyz9acmnlp9hkb3xj2vyi8rs5ph-hydra-queue-runner-0-unstable-2026-09-09';
const BUILDER = '/nix/store/cd8qgcyz9acmnlp9hkb3xj2vyi8rs5ph-hydra-builder-0-unstable-2026-09-09';
const TOML = 'etc/hydra/queue-runner.toml';

describe.each(SHELLS)('inspect of a Hydra host with the Rust queue runner, run by %s', (shell) => {
  let host: RustHost;
  beforeEach(async () => {
    host = new RustHost(shell);
    await host.start();
    host.answersAs('01-idle-no-machines');
    host.tools('df', 'readlink', 'test');
  });
  afterEach(() => host.stop());

  async function inspect(): Promise<RustInspection> {
    const result = await host.run('inspect', {}, { restUrl: host.restUrl });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const decoded = decodeRustInspection(result.stdout);
    if (!decoded.ok) throw new Error(decoded.problem.says);
    return decoded.value;
  }

  function runs(...words: readonly string[]): void {
    host.file('proc/77/cmdline', [`${STORE}/bin/hydra-queue-runner`, ...words, ''].join('\0'));
    host.file('proc/77/environ', 'A=b\0');
    symlinkSync(`${STORE}/bin/hydra-queue-runner`, host.path('proc/77/exe'));
  }

  /** systemd with these units, where they listen, and what their environment is. */
  function systemd(units: Readonly<Record<string, readonly string[]>>): void {
    const cases = Object.entries(units).flatMap(([unit, [active = '', listen = '', environment = '']]) => [
      `'LoadState ${unit}') echo loaded ;;`,
      `'ActiveState ${unit}') echo '${active}' ;;`,
      `'Listen ${unit}') printf '${listen}' ;;`,
      `'Environment ${unit}') echo '${environment}' ;;`,
    ]);
    host.program('systemctl', `case "\${2#*=} $4" in\n${cases.join('\n')}\nesac`);
  }

  it('tells of process, units, addresses, settings, tokens, kernel, pages and builders', async () => {
    runs('--rest-bind', '-', '--grpc-bind', '-', '--config-path', '/etc/hydra/queue-runner.toml');
    systemd({
      'hydra-queue-runner.service': ['active'],
      'hydra-queue-runner-rest.socket': ['active', '[::1]:8080 (Stream)\\n'],
      'hydra-queue-runner-grpc.socket': ['failed', '[::]:50051 (Stream)\\n10.0.0.5:50051 (Stream)\\n'],
      'hydra-builder-version.service': [
        ...['inactive', ''],
        `BUILDER_PARAMETER=/x "BUILDERS=aarch64-linux=${BUILDER} x86_64-linux=${BUILDER}" PATH=/y`,
      ],
    });
    host.file(
      TOML,
      [
        'dbUrl = "postgres://hydra:secret@db/hydra"',
        '# tokenPaths = ["/no"]',
        'dispatchTriggerTimerInS = 5',
        'maxUnsupportedTimeInS = 86_400 # a day',
        'tokenPaths = [',
        '  "/run/keys/a",',
        '  "/run/keys/empty", "/run/keys/gone",',
        ']',
        '[overflowStore]',
        'maxUnsupportedTimeInS = 1',
      ].join('\n'),
    );
    host.file('run/keys/a', 'token');
    host.file('run/keys/empty', '');
    host.file('proc/sys/net/ipv4/tcp_retries2', '8\n');
    host.file(
      'var/lib/hydra/hydra.conf',
      '# queue_runner_endpoint = no\n queue_runner_endpoint = http://[::1]:8080\nx = y\n',
    );
    expect(await inspect()).toEqual({
      source: 'process',
      user: userInfo().username,
      program: `${STORE}/bin/hydra-queue-runner`,
      storePath: STORE,
      units: [
        { name: 'hydra-queue-runner.service', state: 'active' },
        { name: 'hydra-queue-runner-rest.socket', state: 'active' },
        { name: 'hydra-queue-runner-grpc.socket', state: 'failed' },
      ],
      listens: { rest: ['[::1]:8080'], grpc: ['[::]:50051', '10.0.0.5:50051'] },
      settings: {
        path: '/etc/hydra/queue-runner.toml',
        access: 'readable',
        unsupportedSeconds: 86_400,
        dispatchSeconds: 5,
      },
      tokens: [
        { path: '/run/keys/a', access: 'readable', isFilled: true },
        { path: '/run/keys/empty', access: 'readable', isFilled: false },
        { path: '/run/keys/gone', access: 'missing', isFilled: false },
      ],
      asksCertificate: false,
      tcpRetries: 8,
      web: { path: '/var/lib/hydra/hydra.conf', endpoint: 'http://[::1]:8080' },
      builders: new Map([
        ['aarch64-linux', BUILDER],
        ['x86_64-linux', BUILDER],
      ]),
    });
  });

  it('never tells the password of the database', async () => {
    host.file(TOML, ' dbUrl="postgres://hydra:secret@db/hydra"\n');
    const { stdout } = await host.run('inspect', {}, { restUrl: host.restUrl });
    const texts = stdout.split(/\s/).map((word) => Buffer.from(word, 'base64'));
    expect(stdout).toContain(Buffer.from('/etc/hydra/queue-runner.toml').toString('base64'));
    const unpacked = texts.map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8'));
    expect(unpacked.filter((text) => text.includes('secret'))).toEqual([]);
  });

  it('tells what its process was told, whichever way that is written', async () => {
    runs('--rest-bind=127.0.0.1:9', '-g', '0.0.0.0:50051', '--client-ca-cert-path', '/ca', '-c/a/q.toml');
    host.file('a/q.toml', "tokenPaths = ['/t']\n");
    expect(await inspect()).toMatchObject({
      listens: { rest: ['127.0.0.1:9'], grpc: ['0.0.0.0:50051'] },
      settings: { path: '/a/q.toml', unsupportedSeconds: 'unset', dispatchSeconds: 'unset' },
      tokens: [{ path: '/t', access: 'missing' }],
      asksCertificate: true,
    });
  });

  it('knows where it listens by default', async () => {
    runs();
    expect((await inspect()).listens).toEqual({ rest: ['[::1]:8080'], grpc: ['[::1]:50051'] });
  });

  it('tells which tokens its user cannot read', async () => {
    runs();
    host.program('stat', 'case $2 in %u | %g) echo 4711 ;; *) echo 1:2 ;; esac');
    host.program('id', `case "$*" in '-un 4711') echo runner ;; '-un') echo root ;; *) echo 4711 ;; esac`);
    // What root may, this user may not.
    host.program('runuser', `shift 3; case "$*" in *' -r '*run/keys/a) exit 1 ;; esac; exec "$@"`);
    host.file(TOML, 'tokenPaths = ["/run/keys/a", "/run/keys/b"]\n');
    for (const name of ['a', 'b']) host.file(`run/keys/${name}`, 'token');
    expect((await inspect()).tokens).toMatchObject([
      { path: '/run/keys/a', access: 'unreadable', isFilled: true },
      { path: '/run/keys/b', access: 'readable' },
    ]);
  });

  it('is told by its socket where nothing answers and nothing runs', async () => {
    systemd({ 'hydra-queue-runner-dev-rest.socket': ['active', '[::1]:8081 (Stream)\\n'] });
    host.pages.clear();
    expect(await inspect()).toEqual({
      source: 'none',
      units: [{ name: 'hydra-queue-runner-dev-rest.socket', state: 'active' }],
      listens: { rest: ['[::1]:8081'], grpc: [] },
      settings: {
        ...{ path: '/etc/hydra/queue-runner.toml', access: 'missing' },
        ...{ unsupportedSeconds: 'unknown', dispatchSeconds: 'unknown' },
      },
      tokens: [],
      web: { path: '/var/lib/hydra/hydra.conf', endpoint: 'unknown' },
      builders: new Map(),
    });
  });

  it('is the other form where the configuration names the C++ queue runner', async () => {
    const result = await host.run('inspect', {}, { restUrl: host.restUrl, runner: 'cpp' });
    expect(decodeInspection(result.stdout)).toMatchObject({ ok: true });
    expect(host.asked).toEqual([]);
  });

  it('leaves out settings that are too long, and treats odd ones as nothing but text', async () => {
    const noise = Array.from({ length: 4000 }, (_, index) => `x${Math.imul(index, 2_654_435_761)} = 1`);
    host.file(
      TOML,
      [...noise, `tokenPaths = ["/$(touch ${host.path('broken')})", "/a b", "/c'd"]`].join('\n'),
    );
    const { settings, tokens } = await inspect();
    expect(settings).toMatchObject({ unsupportedSeconds: 'unknown' });
    expect(tokens.map(({ path }) => path)).toEqual([`/$(touch ${host.path('broken')})`, '/a b', "/c'd"]);
    expect(host.exists('broken')).toBe(false);
  });
});
