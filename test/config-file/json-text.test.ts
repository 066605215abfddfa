/** JSON as people write it: what they put around it, what they leave out, and what they write twice. */
import { describe, expect, it } from 'vitest';
import { JsonTextError, readJsonText } from '../../lambdas/config-file/json-text.ts';

const valueOf = (text: string): unknown => readJsonText(text).reading.value;

function refusalOf(text: string): JsonTextError {
  try {
    readJsonText(text);
  } catch (error) {
    if (error instanceof JsonTextError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('what is read', () => {
  it.each([
    ['comments', '{ // one\n "a": 1, /* two\n lines */ "b": [2] }'],
    ['trailing commas', '{ "a": 1, "b": [2,], }'],
    ['a byte order mark', '\uFEFF{ "a": 1, "b": [2] }'],
    ['line ends of Windows', '{\r\n "a": 1,\r\n "b": [2]\r\n}\r\n'],
  ])('may have %s', (_what, text) => {
    expect(valueOf(text)).toEqual({ a: 1, b: [2] });
  });

  it('is what JSON.parse makes of it, whatever the keys are called', () => {
    const text = '{"__proto__": {"x": 1}, "constructor": null, "": [true, -1.5e3, "\\u00e9\\n"]}';
    expect(valueOf(text)).toEqual(JSON.parse(text));
    expect(Object.keys(valueOf(text) as object)).toContain('__proto__');
  });

  it('is refused where it is no JSON, with the place and what is missing', () => {
    for (const [text, words, place] of [
      ['', 'is empty', { line: 1, column: 1 }],
      ['  \n', 'is empty', { line: 2, column: 1 }],
      ['{"a": 1\n "b": 2}', 'a comma is missing', { line: 2, column: 2 }],
      ['{"a" 1}', 'a colon is missing', { line: 1, column: 6 }],
      ["{'a': 1}", 'double quotes', { line: 1, column: 2 }],
      ['{"a": True}', 'true, false and null', { line: 1, column: 7 }],
      ['\uFEFF{\r\n"a":\r\n}', 'a value is missing', { line: 3, column: 1 }],
      ['{"a": 1', 'closing }', { line: 1, column: 8 }],
      ['{"a": "b\n"}', 'closing double quote', { line: 1, column: 7 }],
      ['{} {}', 'nothing may follow', { line: 1, column: 4 }],
      ['tag: my-farm\nhost:\n', 'double quotes', { line: 1, column: 1 }],
    ] as const) {
      const refusal = refusalOf(text);
      expect(refusal.message, text).toContain(words);
      expect(refusal.place, text).toEqual(place);
    }
  });

  it('is refused, not crashed at, when it is nested beyond all reason', () => {
    for (const levels of [2000, 5000, 10_000, 200_000]) {
      const text = `${'['.repeat(levels)}${']'.repeat(levels)}`;
      try {
        readJsonText(text);
      } catch (error) {
        expect(error).toBeInstanceOf(JsonTextError);
      }
    }
    expect(refusalOf('['.repeat(200_000)).message).toContain('nested');
  });
});

describe('a key that stands twice', () => {
  const text = '{\n "a": {"x": 1, "x": 2},\n "b": 3,\n "a": 4\n}';

  it('is told with both places, at every depth, and the last one counts', () => {
    const { reading, doubledKeys } = readJsonText(text);
    expect(reading.value).toEqual({ a: 4, b: 3 });
    expect(doubledKeys).toEqual([
      { path: 'a.x', first: { line: 2, column: 8 }, place: { line: 2, column: 16 } },
      { path: 'a', first: { line: 2, column: 2 }, place: { line: 4, column: 2 } },
    ]);
  });

  it('can be read with each of its values', () => {
    const { otherReadings } = readJsonText('{"a": 1, "a": 2, "a": 3}');
    expect(otherReadings.map(({ path, value }) => ({ path, value }))).toEqual([
      { path: 'a', value: { a: 1 } },
      { path: 'a', value: { a: 2 } },
    ]);
    expect(otherReadings[0]?.placeOf('a')).toEqual({ line: 1, column: 2 });
  });

  it('is no matter in two objects', () => {
    expect(readJsonText('{"a": {"x": 1}, "b": [{"x": 1}, {"x": 1}]}').doubledKeys).toEqual([]);
  });
});

describe('the place of a setting', () => {
  const { placeOf } = readJsonText('{\n  "a.b": { "c": 1 },\n  "a": { "b": { "d": [10,\n 20] } }\n}').reading;

  it.each([
    ['a', { line: 3, column: 3 }],
    ['a.b.c', { line: 2, column: 12 }],
    ['a.b.d', { line: 3, column: 17 }],
    ['a.b.d.1', { line: 4, column: 2 }],
  ])('%s is that of its key, or of its entry in a list, dots in keys or not', (path, place) => {
    expect(placeOf(path)).toEqual(place);
  });

  it.each(['', 'z', 'a.z', 'a.b.d.2', 'a.b.d.x'])('%j is nowhere', (path) => {
    expect(placeOf(path)).toBeUndefined();
  });
});
