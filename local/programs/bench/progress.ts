/** How far a long run is, on the error stream, once it takes longer than people wait without a word. */

export interface Progress {
  /** Says how far it is, in place of what was said before. */
  readonly tell: (what: string) => void;
  /** What is printed next begins on a line of its own. */
  readonly end: () => void;
}

const QUIET_MILLISECONDS = 2000;

export function progressOf(stream: NodeJS.WritableStream): Progress {
  const startedAt = performance.now();
  let hasTold = false;
  return {
    tell: (what) => {
      const elapsed = performance.now() - startedAt;
      if (elapsed < QUIET_MILLISECONDS) return;
      hasTold = true;
      stream.write(`\r${what}, ${Math.round(elapsed / 1000)} s `);
    },
    end: () => {
      if (hasTold) stream.write('\n');
    },
  };
}
