/** How a program that shows something until people have seen enough is told so: q, Ctrl-C, a signal. */

const CTRL_C = '\u0003';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Ending {
  /** Aborted once somebody wants it to end. */
  readonly over: AbortSignal;
  /** Gives the keyboard back. */
  readonly release: () => void;
}

/**
 * @param input where keys are pressed, if it is a terminal; it is read without waiting for a line's end.
 * @param entered told of the Enter key.
 */
export function endingBy(input: NodeJS.ReadStream, entered: () => void = () => undefined): Ending {
  const controller = new AbortController();
  const end = (): void => {
    controller.abort();
  };
  for (const signal of SIGNALS) process.once(signal, end);
  const pressed = (keys: Buffer): void => {
    // In raw mode Ctrl-C is a key like any other.
    if (/q/i.test(keys.toString()) || keys.toString().includes(CTRL_C)) end();
    else if (/[\r\n]/.test(keys.toString())) entered();
  };
  if (input.isTTY) input.setRawMode(true).on('data', pressed);
  return {
    over: controller.signal,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, end);
      if (input.isTTY) input.setRawMode(false).off('data', pressed).pause();
    },
  };
}
