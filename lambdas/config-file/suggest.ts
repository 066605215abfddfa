/** What people may have meant by a word that is not known. */
import { closest, distance } from 'fastest-levenshtein';

/** The closest known word, if a slip of the fingers could lead from one to the other. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(
    word.toLowerCase(),
    known.map((name) => name.toLowerCase()),
  );
  const isClose = distance(word.toLowerCase(), best) <= Math.max(2, Math.floor(word.length / 3));
  return isClose ? known.find((name) => name.toLowerCase() === best) : undefined;
}
