import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { columnWidth, cut, left, oneLine, right, wrap } from '../../../local/programs/show/cells.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom('日', '👩‍👩‍👧‍👦', 'e\u0301', '\u001b[31m', '\n', ' ', 'a', '\u202e'),
    maxLength: 40,
  }),
);
const anyWidth = fc.integer({ min: 0, max: 80 });

describe('a text in a column', () => {
  test('never takes more cells than it is given', () => {
    fc.assert(fc.property(anyText, anyWidth, (text, width) => stringWidth(cut(text, width)) <= width));
  });

  test('takes exactly the cells of its column, whichever side it stands on', () => {
    fc.assert(
      fc.property(anyText, anyWidth, (text, width) => {
        expect(stringWidth(left(text, width))).toBe(width);
        expect(stringWidth(right(text, width))).toBe(width);
      }),
    );
  });

  test('has no control characters, half surrogates or line breaks left', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = oneLine(text);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });

  test('is cut between characters, wide ones included, and says so', () => {
    expect(cut('builders', 8)).toBe('builders');
    expect(cut('builders', 5)).toBe('buil…');
    expect(cut('日本語テキスト', 6)).toBe('日本…');
    expect(left('日本語テキスト', 6)).toBe('日本… ');
    expect(right('42', 5)).toBe('   42');
    expect(cut('\u001b[31mred\u001b[0m\nalert', 20)).toBe('red alert');
  });

  test('breaks between words into lines that fit', () => {
    expect(wrap('Hydra tries each again', 11)).toEqual(['Hydra tries', 'each again']);
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, width) =>
        wrap(text, width).every((line) => stringWidth(line) <= width),
      ),
    );
  });

  test('makes its column as wide as the widest, within bounds', () => {
    expect(columnWidth(['a', 'abc'], 2, 10)).toBe(3);
    expect(columnWidth(['a'], 2, 10)).toBe(2);
    expect(columnWidth(['a'.repeat(20)], 2, 10)).toBe(10);
  });
});
