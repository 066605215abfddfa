import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePart, type Payload, unpackPayload } from '../../lambdas/hydra/payload.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function packed(status: string): Payload {
  const text = gzipSync(status).toString('base64');
  return { sha256: sha256(text), length: text.length, text };
}

describe('a payload', () => {
  const wrong = (payload: Payload, named: string): void => {
    expect(unpackPayload(payload)).toEqual({ ok: false, problem: { says: expect.stringContaining(named) } });
  };
  const of = (text: string): Payload => ({ sha256: sha256(text), length: text.length, text });

  it('becomes the status again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (status) => {
        expect(unpackPayload(packed(status))).toEqual({ ok: true, value: status });
      }),
    );
  });

  it('is refused when it is too short, another, or not what it should be', () => {
    wrong({ ...packed('{}'), length: 3 }, 'of 3 characters');
    wrong({ ...packed('{}'), sha256: 'a'.repeat(64) }, 'checksum');
    wrong(of('===='), 'not base64');
    wrong(of('QUJD'), 'cannot be unpacked');
  });

  it('is refused when it would unpack to more than 64 MiB', () => {
    wrong(
      of(gzipSync(Buffer.alloc(65 * 1024 * 1024), { level: 9 }).toString('base64')),
      'cannot be unpacked',
    );
  });
});

describe('a part of a status', () => {
  const sum = 'b'.repeat(64);
  const part = `hydra-autoscaler 1 fetch\npart ${sum} 100\nQUJD\n`;

  it('is the one asked for, or refused', () => {
    expect(decodePart(part, sum, 100)).toEqual({ ok: true, value: 'QUJD' });
    expect(decodePart(part, sum, 0)).toMatchObject({ ok: false });
    expect(decodePart(part, 'c'.repeat(64), 100)).toMatchObject({ ok: false });
    expect(decodePart(part.replace('QUJD', ''), sum, 100)).toMatchObject({ ok: false });
  });
});
