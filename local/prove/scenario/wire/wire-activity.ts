/** Holds virtual time while the SDK is at work: its retries wait in real time, and DynamoDB answers over a socket. */
import { setImmediate } from 'node:timers';
import { InProcessActivity } from '../../../world/drive/in-process-activity.ts';

export class WireActivity extends InProcessActivity {
  #calls = 0;
  #waiting: (() => void)[] = [];

  /** Counts one call until it has ended, whatever becomes of it. */
  async call<T>(work: () => Promise<T>): Promise<T> {
    this.#calls += 1;
    try {
      return await work();
    } finally {
      this.#calls -= 1;
      if (this.#calls === 0) for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  override async idle(): Promise<void> {
    await super.idle();
    while (this.#calls > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      // The caller goes on from the answer, and may call again.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
