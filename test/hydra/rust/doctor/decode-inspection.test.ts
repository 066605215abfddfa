import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeRustInspection,
  isRustInspection,
} from '../../../../lambdas/hydra/rust/doctor/decode-inspection.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const packed = (text: string): string => gzipSync(text).toString('base64');

const answerWith = (changes: Readonly<Record<string, string>> = {}): string => {
  const lines = {
    runner: `process ${base64('hydra-queue-runner')} ${base64('/usr/bin/hydra-queue-runner')}`,
    unit: 'hydra-queue-runner.service active',
    listen: `grpc ${base64('[::]:50051')}`,
    settings: `readable ${base64('/etc/hydra/queue-runner.toml')} ${packed('')}`,
    token: `unreadable yes ${base64('/t')}`,
    certificate: '-',
    retries: '15',
    web: `yes ${base64('/var/lib/hydra/hydra.conf')} `,
    builder: base64('x86_64-linux=/nix/store/cd8qgcyz9acmnlp9hkb3xj2vyi8rs5ph-hydra-builder-1'),
    ...changes,
  };
  const told = Object.entries(lines).map(([name, words]) => `${name} ${words}\n`);
  return `hydra-autoscaler 1 inspect-rust\n${told.join('')}end\n`;
};

const settingsOf = (toml: string) => {
  const decoded = decodeRustInspection(answerWith({ settings: `readable ${base64('/q')} ${packed(toml)}` }));
  return decoded.ok ? decoded.value.settings : undefined;
};
const endpointOf = (lines: string) => {
  const decoded = decodeRustInspection(answerWith({ web: `yes ${base64('/c')} ${base64(lines)}` }));
  return decoded.ok ? decoded.value.web.endpoint : undefined;
};

describe('an inspection of a host with the Rust queue runner', () => {
  it('is taken apart', () => {
    expect(isRustInspection(answerWith())).toBe(true);
    expect(isRustInspection('hydra-autoscaler 1 inspect\n')).toBe(false);
    expect(decodeRustInspection(answerWith())).toEqual({
      ok: true,
      value: {
        source: 'process',
        user: 'hydra-queue-runner',
        program: '/usr/bin/hydra-queue-runner',
        units: [{ name: 'hydra-queue-runner.service', state: 'active' }],
        listens: { rest: [], grpc: ['[::]:50051'] },
        settings: {
          ...{ path: '/etc/hydra/queue-runner.toml', access: 'readable' },
          ...{ unsupportedSeconds: 'unset', dispatchSeconds: 'unset' },
        },
        tokens: [{ path: '/t', access: 'unreadable', isFilled: true }],
        tcpRetries: 15,
        web: { path: '/var/lib/hydra/hydra.conf', endpoint: 'unset' },
        builders: new Map([['x86_64-linux', '/nix/store/cd8qgcyz9acmnlp9hkb3xj2vyi8rs5ph-hydra-builder-1']]),
      },
    });
  });

  it.each<[string, string, number | string]>([
    ['a number', 'a = 1\nmaxUnsupportedTimeInS = 120\n', 120],
    ['one without end', 'maxUnsupportedTimeInS = -1', -1],
    ['one with separators and a comment', '  maxUnsupportedTimeInS=86_400 # a day', 86_400],
    ['another setting', 'xmaxUnsupportedTimeInS = 1\nmaxUnsupportedTimeInSx = 1', 'unset'],
    ['one in a table', '[x]\nmaxUnsupportedTimeInS = 1', 'unset'],
    ['a text', 'maxUnsupportedTimeInS = "1"', 'unset'],
  ])('reads of its settings %s', (_, toml, seconds) => {
    expect(settingsOf(toml)?.unsupportedSeconds).toBe(seconds);
  });

  it.each([
    ['queue_runner_endpoint = http://a\n queue_runner_endpoint=http://b\n', 'http://b'],
    ['# queue_runner_endpoint = http://a\n', 'unset'],
    ['', 'unset'],
  ])('reads where pages ask: %j', (lines, endpoint) => {
    expect(endpointOf(lines)).toBe(endpoint);
  });

  it('is never believed when its end is missing', () => {
    const whole = answerWith().trimEnd();
    for (let length = 0; length < whole.length; length++)
      expect(decodeRustInspection(whole.slice(0, length))).toMatchObject({ ok: false });
  });

  it.each([
    ['another user', { runner: 'process !! QQ==' }],
    ['a strange unit', { unit: 'sshd.service active' }],
    ['a strange state', { unit: 'hydra-queue-runner.service on $' }],
    ['a listener of another kind', { listen: 'ssh QQ==' }],
    ['settings that are no gzip', { settings: 'readable QQ== QQ==' }],
    ['a number that is none', { retries: '-1' }],
    ['a line that is none of ours', { reads: 'QQ==' }],
    ['a path of two lines', { token: `readable yes ${base64('/a\n/b')}` }],
  ])('is refused with %s', (_, changes) => {
    expect(decodeRustInspection(answerWith(changes))).toMatchObject({ ok: false });
  });

  it('leaves out a builder that is no store path', () => {
    const decoded = decodeRustInspection(answerWith({ builder: base64('x86_64-linux=/tmp/builder') }));
    expect(decoded.ok && decoded.value.builders.size).toBe(0);
  });

  it('never makes the reader throw, whatever it is', () => {
    const lines = fc.array(fc.constantFrom(...answerWith().split('\n'), ''));
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      lines.map((some) => some.join('\n')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        decodeRustInspection(text);
      }),
      { numRuns: 500 },
    );
  });
});
