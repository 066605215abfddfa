/** What a builder that does not dial in says of itself, in words for people. */
import { describe, expect, it } from 'vitest';
import { builderInWords } from '../../../lambdas/hydra/rust/ask-builders.ts';

const printed = (exit: string, ...journal: string[]): string => {
  const lines = Buffer.from(journal.map((line) => `${line}\n`).join('')).toString('base64');
  return `v1 builder activating ${exit} closed ${lines === '' ? '-' : lines}\n`;
};

describe('a builder that does not dial in', () => {
  it.each([
    [
      'its version by its exit code alone',
      printed('65'),
      /^its hydra-builder is of another version.*exit 65/,
    ],
    [
      'its version by its journal alone',
      printed('1', 'API version mismatch: client has 1'),
      /^its hydra-builder is of another version/,
    ],
    [
      'its token',
      printed('1', 'Starting', 'Error: status: Unauthenticated'),
      /^the queue runner does not let it in: its token.*Unauthenticated$/,
    ],
    ['that it has none that is valid', printed('1', 'No valid auth token'), /does not let it in/],
    [
      'its exit code and its last line',
      printed('1', 'a', 'b\u001b[31m'),
      /^hydra-builder is activating, exit code 1: b/,
    ],
    ['that it is not there', 'v1 builder inactive - - -\n', /^hydra-builder is inactive$/],
  ])('says %s', (_what, stdout, words) => {
    expect(builderInWords(stdout)).toMatch(words);
  });

  it.each(['', 'v1 builder', 'v1 builder active 0 ajar -', 'v1 gate open\n'])(
    'says nothing by %j, which is not whole',
    (stdout) => {
      expect(builderInWords(stdout)).toBeUndefined();
    },
  );
});
