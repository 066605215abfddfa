import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAnswer, decodePublished } from '../../../lambdas/hydra/cpp/host-answer.ts';
import { decodePart, type Payload, unpackPayload } from '../../../lambdas/hydra/payload.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function packed(status: string): Payload {
  const text = gzipSync(status).toString('base64');
  return { sha256: sha256(text), length: text.length, text };
}

function answerWith({ sha256: sum, length, text }: Payload, file = `${'f'.repeat(64)} 1700000000`): string {
  return [
    'hydra-autoscaler 1 observe',
    'exit 0',
    'clock 1763600000',
    'system x86_64-linux',
    `file ${file}`,
    `stderr ${Buffer.from('warning: ünï\n').toString('base64')}`,
    'probe i-00000001 reached',
    'probe i-00000002 failed ssh: Connection refused',
    `payload ${sum} ${length}`,
    `${text}\n`,
  ].join('\n');
}

const ANSWER = answerWith(packed('{"status":"down"}'));

describe('an answer of the Hydra host', () => {
  it('is taken apart', () => {
    expect(decodeAnswer(ANSWER)).toEqual({
      ok: true,
      value: {
        exitCode: 0,
        hostNow: 1_763_600_000,
        hostSystem: 'x86_64-linux',
        file: { sha256: 'f'.repeat(64), modifiedAt: 1_700_000_000, isUnnamed: false },
        stderr: 'warning: ünï\n',
        probes: [
          { instanceId: 'i-00000001', reached: true, detail: '' },
          { instanceId: 'i-00000002', reached: false, detail: 'ssh: Connection refused' },
        ],
        payload: packed('{"status":"down"}'),
      },
    });
  });

  it('may lack machines file, stderr and probes', () => {
    const bare = answerWith(packed('{}'), 'none')
      .replace(/^probe .*\n/gm, '')
      .replace(/^stderr .*$/m, 'stderr ');
    const answer = decodeAnswer(bare);
    expect(answer).toMatchObject({ ok: true, value: { stderr: '', probes: [] } });
    expect(answer).not.toHaveProperty('value.file');
  });

  it('is never believed when its end is missing', () => {
    const whole = ANSWER.trimEnd();
    for (let length = 0; length < whole.length; length++) {
      const answer = decodeAnswer(whole.slice(0, length));
      if (answer.ok) expect(unpackPayload(answer.value.payload)).toMatchObject({ ok: false });
    }
  });

  it('is refused with the mark SSM puts where it cuts', () => {
    expect(decodeAnswer(`${ANSWER.slice(0, -10)}\n--output truncated--`)).toMatchObject({ ok: false });
  });

  it('is never believed when a character of the status is another', () => {
    const start = ANSWER.indexOf('payload ');
    const positions = fc.integer({ min: start, max: ANSWER.length - 2 });
    fc.assert(
      fc.property(positions, fc.constantFrom('A', '0', 'z', '+', '\n', ' ', 'é'), (position, character) => {
        fc.pre(ANSWER[position] !== character);
        const changed = ANSWER.slice(0, position) + character + ANSWER.slice(position + 1);
        const answer = decodeAnswer(changed);
        return !answer.ok || !unpackPayload(answer.value.payload).ok;
      }),
    );
  });

  it('never makes the reader throw, whatever it is', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...ANSWER.split('\n'), ...ANSWER.split(/\b/))).map((parts) => parts.join('')),
      fc.array(fc.constantFrom(...ANSWER.split('\n'))).map((lines) => lines.join('\n')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const answer = decodeAnswer(text);
        if (answer.ok) unpackPayload(answer.value.payload);
        decodePublished(text);
        decodePart(text, sha256(''), 0);
      }),
      { numRuns: 1000 },
    );
  });

  it('says in one short line why it is refused', () => {
    const answer = decodeAnswer(`sh: 1: syntax error\u0007\n${'x'.repeat(10_000)}`);
    expect(answer).toEqual({
      ok: false,
      problem: {
        says: expect.stringMatching(
          /^the answer of the Hydra host is cut off or not ours: it begins with "sh: 1/,
        ),
      },
    });
    expect(answer.ok ? '' : answer.problem.says).toMatch(/^[ -~…]{1,200}$/);
    expect(decodeAnswer('')).toMatchObject({ problem: { says: expect.stringContaining('it is empty') } });
  });
});
