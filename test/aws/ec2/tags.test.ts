import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instanceName, typeFromTagValue, typeToTagValue } from '../../../lambdas/aws/ec2/tags.ts';

const word = fc.stringMatching(/^[A-Za-z0-9_.+-]{1,12}$/);
const words = fc.array(word, { minLength: 1, maxLength: 4 }).map((list) => list.join(','));
const typeKey = fc.oneof(
  words,
  fc.tuple(words, words).map(([systems, features]) => `${systems}:${features}`),
);

describe('a machine type as a tag', () => {
  it('has only characters every AWS service takes, and comes back the same', () => {
    fc.assert(
      fc.property(typeKey, (type) => {
        expect(typeToTagValue(type)).toMatch(/^[A-Za-z0-9 _.:/=+@-]+$/);
        expect(typeFromTagValue(typeToTagValue(type))).toBe(type);
      }),
    );
  });

  it('is readable', () => {
    expect(typeToTagValue('x86_64-linux,i686-linux:kvm')).toBe('x86_64-linux/i686-linux:kvm');
    expect(instanceName('x86_64-linux,i686-linux:kvm')).toBe('hydra builder x86_64-linux/i686-linux:kvm');
  });

  it('may be written with a comma by hand', () => {
    expect(typeFromTagValue('x86_64-linux,i686-linux')).toBe('x86_64-linux,i686-linux');
  });

  it('is refused where it could not be told from another', () => {
    expect(() => typeToTagValue('x86_64-linux/i686-linux')).toThrow(RangeError);
  });

  it('makes no name longer than AWS takes', () => {
    expect(instanceName(`x86_64-linux:${'f'.repeat(400)}`)).toHaveLength(256);
  });
});
