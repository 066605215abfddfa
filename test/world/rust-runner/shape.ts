/** The shape of a JSON text: which keys in which order, and whether each value is whole, a fraction, a text … */

/** Members whose keys are names, so that only their values are compared. */
const NAMED = new Set(['machines', 'queueStats', 'jobsets', 'queues']);

/** A text of JSON with its numbers replaced by `int` or `float`: parsing forgets whether `1.0` had a fraction. */
const marked = (text: string): string =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d+\.\d+(?:e-?\d+)?|-?\d+/g, (token) => {
    if (token.startsWith('"')) return token;
    return token.includes('.') ? '"<float>"' : '"<int>"';
  });

const isMark = (value: unknown): value is string => value === '<float>' || value === '<int>';

function shapesOf(value: unknown): unknown {
  if (value === null || typeof value === 'boolean') return String(value === null ? 'null' : 'boolean');
  if (typeof value === 'string') return isMark(value) ? value : 'text';
  if (Array.isArray(value)) return unique(value.map(shapesOf));
  return Object.entries(value as Readonly<Record<string, unknown>>).map(([key, member]) => [
    key,
    NAMED.has(key) && typeof member === 'object' && member !== null
      ? unique(Object.values(member).map(shapesOf))
      : shapesOf(member),
  ]);
}

const unique = (shapes: readonly unknown[]): unknown[] =>
  [...new Set(shapes.map((shape) => JSON.stringify(shape)))]
    .sort()
    .map((shape) => JSON.parse(shape) as unknown);

/** The shape of a JSON text. @throws SyntaxError when it is none. */
export const shapeOf = (text: string): unknown => shapesOf(JSON.parse(marked(text)));
