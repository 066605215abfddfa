/** Everything that is wrong with what was asked for, gathered, so that people mend it in one go. */
import { messageOf } from '../../../lambdas/core/text/message-of.ts';

export class Faults {
  readonly #found: string[] = [];

  /** What `read` comes to; undefined where it throws, and then that is a fault. */
  async of<T>(read: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      this.#found.push(messageOf(error));
      return undefined;
    }
  }

  /** @throws Error with all there are, each on lines of its own. */
  raise(): void {
    if (this.#found.length > 0) throw new Error(this.#found.join('\n'));
  }
}
