/** How an answer of the status command is judged, and that no answer breaks it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problemInWords } from '../../../lambdas/core/reason/problem.ts';
import {
  parseQueueStatus,
  readQueueStatus,
  type StatusAnswer,
} from '../../../lambdas/hydra/cpp/queue-status.ts';
import { answerOf, captureNames, captureText, machine, NOW } from './answers.ts';

/** "trusted", or the cause and the reason. */
function verdict(answer: StatusAnswer): string {
  const status = parseQueueStatus(answer);
  return status.trusted ? 'trusted' : `${status.cause}: ${problemInWords(status)}`;
}

describe('whether anything may be concluded', () => {
  test.each<readonly [string, StatusAnswer, RegExp]>([
    ['healthy', answerOf(), /^trusted$/],
    ['120 s old', answerOf({ time: NOW - 120 }), /^trusted$/],
    ['121 s old', answerOf({ time: NOW - 121 }), /^stale: .*121 s behind/],
    ['121 s in the future', answerOf({ time: NOW + 121 }), /^stale: .*121 s ahead of/],
    ['host clock unknown', answerOf({}, { hostNow: NaN }), /^stale/],
    ['up 60 s', answerOf({ uptime: 60 }), /^trusted$/],
    ['up 59 s', answerOf({ uptime: 59 }), /^restarted: .*59 s ago/],
    ['exit 1 with a dump', answerOf({}, { exitCode: 1, hostNow: NOW + 7 }), /^stale: .*7 s ago.*exit code 1/],
    ['nothing printed', answerOf({}, { stdout: ' \n' }), /^unreadable: .*empty.*host\.statusCommand/],
    ['null', answerOf({}, { stdout: 'null' }), /^unreadable: .*no JSON object/],
    ['a list', answerOf({}, { stdout: '[{}]' }), /^unreadable: .*no JSON object/],
    ['{}', answerOf({}, { stdout: '{}' }), /^unreadable: .*status: must be "up" or "down"/],
    [
      'not JSON',
      answerOf({}, { stdout: 'Password:\u001b[2J' }),
      /^unreadable: .*it is not JSON: Password: \[2J\./,
    ],
    [
      'cut off',
      answerOf({}, { stdout: answerOf().stdout.slice(0, 99) }),
      /^unreadable: .*cut off after 99 characters/,
    ],
    [
      'the web server does not know',
      answerOf({}, { stdout: '{"status":"unknown"}' }),
      /^stale: .*web server does not know/,
    ],
    ['down', answerOf({}, { stdout: '{"status":"down"}' }), /^down: .*systemctl start/],
    [
      'down, but failed',
      answerOf({}, { stdout: '{"status":"down"}', exitCode: 3 }),
      /^failed: .*exit code 3/,
    ],
    ['runnable steps of no kind', answerOf({ machineTypes: {} }), /^unsupported: .*update Hydra/],
    ['runnable steps, kinds absent', answerOf({ machineTypes: null }), /^unsupported/],
    ['empty after a restart', answerOf({ machineTypes: {}, uptime: 2 }), /^restarted/],
  ])('%s', (_case, answer, expected) => {
    expect(verdict(answer)).toMatch(expected);
  });

  test.each<readonly [number, string, RegExp]>([
    [1, "error: environment variable 'LOGNAME' is not set", /^failed: .*'LOGNAME'.*host\.environment/],
    [1, 'warning: x\nerror: FATAL: password authentication failed', /^failed: .*password.*HYDRA_DBI/],
    [1, "error: unrecognised flag '--status'", /^failed: .*arguments in host\.statusCommand/],
    [2, 'usage', /^failed: .*host\.statusCommand/],
    [2, "error: unexpected argument '--status' found", /^unsupported: .*Rust/],
    [127, 'sh: 1: hydra-queue-runner: not found', /^failed: .*full path/],
    [124, '', /^failed: .*too long/],
    [
      9,
      `\u0007${'x'.repeat(5000)}`,
      /^failed: the status command ended with exit code 9: x{199}…\. Remedy: run/,
    ],
  ])('exit code %i and %.60s', (exitCode, stderr, expected) => {
    expect(verdict(answerOf({}, { exitCode, stdout: '', stderr }))).toMatch(expected);
  });

  test('wrong fields are all named, with their paths', () => {
    const machines = { 'ssh://root@h': machine({ currentJobs: '4' }), other: machine({ enabled: 1 }) };
    const said = verdict(
      answerOf({ machines, machineTypes: { x: { runnable: -1, running: 0.5 } }, uptime: null }),
    );
    for (const path of [
      'machines["ssh://root@h"].currentJobs',
      'machines.other.enabled',
      'machineTypes.x.runnable',
      'machineTypes.x.running',
      'uptime',
    ]) {
      expect(said).toContain(`${path}: `);
    }
  });

  test('a flood of wrong fields is cut short, a flood of entries refused', () => {
    const flood = (size: number, value: object): object =>
      Object.fromEntries(Array.from({ length: size }, (_, index) => [`m${index}`, value]));
    expect(verdict(answerOf({ machines: flood(100, {}) }))).toMatch(/m9\.currentJobs: [^;]*; and 90 more/);
    expect(verdict(answerOf({ machines: flood(50_000, machine()) }))).toBe('trusted');
    expect(verdict(answerOf({ machines: flood(50_001, machine()) }))).toMatch(
      /machines: must have at most 50000 entries/,
    );
  });
});

describe('never throws, and never trusts by accident', () => {
  const texts = captureNames().map((name) => captureText(name));
  const answers = (stdout: fc.Arbitrary<string>): fc.Arbitrary<StatusAnswer> =>
    fc.record({
      stdout,
      exitCode: fc.constantFrom(0, 1),
      stderr: fc.string({ unit: 'binary' }),
      hostNow: fc.constantFrom(NOW, NaN),
    });
  const mutated = fc
    .tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(20), fc.string())
    .map(
      ([text, at, length, put]) =>
        text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + length),
    );
  const almost = fc
    .dictionary(
      fc.constantFrom('machines', 'machineTypes', 'time', 'uptime', 'nrActiveSteps', '__proto__'),
      fc.jsonValue(),
    )
    .map((changes) => answerOf(changes).stdout);

  test.each([
    ['any text', fc.string({ unit: 'binary' })],
    ['any JSON', fc.json()],
    ['mutated captures', mutated],
    ['a status with any fields', almost],
  ])('%s', (_case, stdout) => {
    fc.assert(
      fc.property(answers(stdout), (answer) => {
        const { status, content } = readQueueStatus(answer);
        if (!status.trusted) expect(status.says).not.toBe('');
        else
          expect([answer.exitCode, Number.isNaN(answer.hostNow), content === undefined]).toEqual([
            0,
            false,
            false,
          ]);
      }),
    );
  });
});
