/** The watch on the Hydra host as an SSM command that nobody waits for: that it ends well is an event of SSM. */
import type { SSMClient } from '@aws-sdk/client-ssm';
import { cancel, resultSoFar } from '../aws/ssm/standing-command.ts';
import { send } from '../aws/ssm/run-command.ts';
import type { Result } from '../core/reason/result.ts';
import { MAX_WATCHED_CHARACTERS, inBase64 } from './documents.ts';
import type { ParametersOf } from './documents.ts';
import { foundInWords, watchedLines } from './watch.ts';
import type { HostWatch, WatchEnd, WatchTerms } from '../ports.ts';

export interface SsmWatchOptions {
  readonly client: SSMClient;
  readonly instanceId: string;
  /** Real name of the document `watch`. */
  readonly document: string;
}

/** Base64 has four characters for three. */
const LINES_MAX = Math.floor(MAX_WATCHED_CHARACTERS / 4) * 3;

export class SsmWatch implements HostWatch {
  readonly #options: SsmWatchOptions;

  constructor(options: SsmWatchOptions) {
    this.#options = options;
  }

  leave({ watched, turn, seconds, delaySeconds }: WatchTerms): Promise<Result<string>> {
    const { client, instanceId, document } = this.#options;
    const parameters: ParametersOf<'watch'> = {
      watched: inBase64(watchedLines(watched, LINES_MAX)),
      runner: watched.runner,
      since: String(Math.floor(watched.since)),
      turn: String(turn),
      seconds: String(seconds),
      delay: String(delaySeconds),
    };
    return send(client, {
      ...{ document, instanceIds: [instanceId], parameters },
      comment: 'hydra-autoscaler: watch',
    });
  }

  async end(id: string): Promise<WatchEnd> {
    const { client, instanceId, document } = this.#options;
    const command = { commandId: id, document, instanceId };
    const result = await resultSoFar(client, command);
    if (result?.ok === true) return { found: foundInWords(result.value.stdout) };
    if (result !== undefined) return {};
    const problem = await cancel(client, command);
    return problem === undefined ? {} : { problem };
  }
}
