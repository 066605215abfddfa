/**
 * Text from outside, fit for a log line or a sentence for people: one line of printable ASCII of at most `max` characters.
 * Line breaks and control characters become spaces, anything else `?`.
 */
export function excerpt(text: string, max = 120): string {
  const plain = text
    .slice(0, max)
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/[^ -~]/g, '?')
    .trim();
  return text.length > max ? `${plain}…` : plain;
}
