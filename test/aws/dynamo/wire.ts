/** The line between a DynamoDB client and its engine: it can be watched, and fails on demand. Engine and SDK stay real. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** One attempt to carry out a command; the SDK makes several when answers get lost. */
export interface Attempt {
  /** The command without `Command`, such as `PutItem`. */
  readonly command: string;
  readonly input: object;
}

type Hook = (attempt: Attempt) => void | Promise<void>;

export class Wire {
  readonly attempts: Attempt[] = [];
  underWay = 0;
  underWayMax = 0;
  /** What it throws keeps the request from the engine. */
  before: Hook = () => undefined;
  /** What it throws replaces an answer of success: the engine has done it, and the client does not learn of it. */
  after: Hook = () => undefined;
  /** May rewrite a refusal. */
  refused: (attempt: Attempt, error: unknown) => unknown = (_attempt, error) => error;

  constructor(client: DynamoDBClient) {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const command = (context.commandName ?? '').replace(/Command$/, '');
        return this.#carry({ command, input: args.input }, () => next(args));
      },
      { step: 'deserialize', priority: 'high', name: 'wire' },
    );
  }

  count(command: string): number {
    return this.attempts.filter((attempt) => attempt.command === command).length;
  }

  /** The next answer of success to this command gets lost on the way. */
  loseNextAnswerTo(command: string): void {
    this.after = (attempt) => {
      if (attempt.command !== command) return;
      this.after = () => undefined;
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    };
  }

  async #carry<T>(attempt: Attempt, send: () => Promise<T>): Promise<T> {
    this.attempts.push(attempt);
    this.underWay += 1;
    this.underWayMax = Math.max(this.underWayMax, this.underWay);
    try {
      await this.before(attempt);
      const answer = await send().catch(async (error: unknown) => {
        throw await this.refused(attempt, error);
      });
      await this.after(attempt);
      return answer;
    } finally {
      this.underWay -= 1;
    }
  }
}
