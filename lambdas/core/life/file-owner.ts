/** Whose the machines file is, where its first line does not say so. */
import type { Farm } from '../model/index.ts';

/**
 * Whether a machines file that names no farm may be this one's. Files did not name one before farms noted that they write
 * it, so a record without that note, of a farm that has ticked, is of the same time, and so is the file. A farm that has
 * never written one finds another's.
 */
export const hasEverOffered = ({ hasOffered, lastTickAt }: Farm): boolean =>
  hasOffered ?? lastTickAt !== undefined;
