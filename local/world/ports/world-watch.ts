/** The watch on the simulated host, in process: SSM tells the end of one that has found something. */
import type { Result } from '../../../lambdas/core/reason/result.ts';
import type { HostWatch, WatchEnd, WatchTerms } from '../../../lambdas/ports.ts';
import { foundInWords } from '../../../lambdas/hydra/watch.ts';
import { soughtOf } from '../watch-look.ts';
import { WATCH_DOCUMENT } from '../watches.ts';
import type { Watches } from '../watches.ts';
import type { World } from '../world.ts';
import { sendRefusal } from './ssm-refusal.ts';

/** From SendCommand to the script. */
const DELIVERY_SECONDS = 1;

interface Command {
  readonly terms: WatchTerms;
  kill?: () => void;
  /** What it printed; absent where it found nothing. */
  stdout?: string;
}

export class WorldWatch implements HostWatch {
  readonly #world: World;
  readonly #watches: Watches;
  readonly #commands = new Map<string, Command>();
  #left = 0;

  constructor(world: World) {
    this.#world = world;
    this.#watches = world.watches;
  }

  /** @param delivers whether an agent gets the command. */
  async leave(terms: WatchTerms, delivers = true): Promise<Result<string>> {
    const { region, config } = this.#world;
    const subject = { document: WATCH_DOCUMENT, instanceIds: [config.host.instanceId] };
    const refusal = await sendRefusal(region, subject);
    if (refusal !== undefined) return { ok: false, problem: refusal };
    this.#left += 1;
    const id = `watch-${this.#left}`;
    this.#commands.set(id, { terms });
    if (delivers) this.deliver(id, DELIVERY_SECONDS);
    return { ok: true, value: id };
  }

  end(id: string): Promise<WatchEnd> {
    const command = this.#commands.get(id);
    this.#commands.delete(id);
    command?.kill?.();
    const stdout = command?.stdout;
    return Promise.resolve(stdout === undefined ? {} : { found: foundInWords(stdout) });
  }

  /** Whether it is known to have found something. */
  hasFound(id: string): boolean {
    return this.#commands.get(id)?.stdout !== undefined;
  }

  /** An agent gets the command, perhaps not for the first time. */
  deliver(id: string, afterSeconds: number): void {
    const { timeline, region, config } = this.#world;
    timeline.after(afterSeconds, () => {
      const command = this.#commands.get(id);
      if (command === undefined) return;
      const { watched, ...run } = command.terms;
      command.kill = this.#watches.start({ ...run, sought: soughtOf(watched) }, (found) => {
        if (found === undefined) return;
        command.stdout = `hydra-autoscaler 1 watch\n${found}\n`;
        const { instanceId } = config.host;
        region.events.commandEnded({
          commandId: id,
          document: WATCH_DOCUMENT,
          instanceId,
          status: 'Success',
        });
      });
    });
  }
}
