/** What can be done to a declaration. */
import type ts from 'typescript';

/** A change of text, by offsets into it. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Each function gives an edit for every place that fits; a mutant is sound if there is just one. */
export interface Operation {
  /** For people who look for the place that no longer fits. */
  readonly words: string;
  readonly inCode?: (declaration: ts.Node) => readonly Edit[];
  readonly inShell?: (script: string) => readonly Edit[];
}
