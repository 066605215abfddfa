/** Runs one of our SSM documents on up to 50 managed nodes and waits for what became of it. */
import {
  GetCommandInvocationCommand,
  ListCommandInvocationsCommand,
  SendCommandCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import type { Result } from '../../core/reason/result.ts';
import type { Clock } from '../../ports.ts';
import { mustBeListed } from '../answers.ts';
import { type SsmProblem, ssmProblem } from './errors.ts';
import { isTerminal, type RunResult, resultOf } from './results.ts';

/** SendCommand takes no more (AWS: docs/develop/facts.md#ssm-what-one-command-takes). */
export const MAX_NODES_A_COMMAND = 50;
/** Nor less than this for the delivery (AWS: docs/develop/facts.md#ssm-what-one-command-takes). */
const MIN_DELIVERY_SECONDS = 30;
/** Beyond delivery and execution, until SSM shows the outcome. */
const REPORT_SECONDS = 15;
const FIRST_WAIT_SECONDS = 1;
const WAIT_GROWTH = 1.3;
const MAX_WAIT_SECONDS = 4;
const COMMENT_CHARACTERS = 100;

export interface DocumentRun {
  /** The document’s real name. Its default version is run. */
  readonly document: string;
  /** 1 to 50 ids, `i-…` or `mi-…`. */
  readonly instanceIds: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  /** Shown in the command history; cut to 100 characters. */
  readonly comment?: string;
  /** For how long SSM tries to hand the command to an agent; default and least is 30. */
  readonly deliverySeconds?: number;
  /** The document’s own limit, after which the agent kills the script. */
  readonly executionSeconds: number;
  /** How long to wait for results; default until no more can come. A script that is not waited for still runs. */
  readonly waitSeconds?: number;
}

/**
 * One result for each of `run.instanceIds`. Never throws. SendCommand has no idempotency token, so a retry inside the
 * SDK may deliver a command twice: documents must tolerate that.
 */
export async function runDocument(
  client: SSMClient,
  clock: Clock,
  run: DocumentRun,
): Promise<ReadonlyMap<string, RunResult>> {
  const { instanceIds, executionSeconds } = run;
  if (instanceIds.length === 0) return new Map();
  const deliverySeconds = Math.max(run.deliverySeconds ?? 0, MIN_DELIVERY_SECONDS);
  const sent = await send(client, run, deliverySeconds);
  if (!sent.ok) {
    const result = unsent(sent.problem);
    return new Map(instanceIds.map((id) => [id, result]));
  }
  const waitSeconds = run.waitSeconds ?? deliverySeconds + executionSeconds + REPORT_SECONDS;
  return await new CommandWatch(client, clock, run, sent.value).results(
    clock.now() + waitSeconds,
    waitSeconds,
  );
}

/** Sends one command and waits for nothing. Never throws; gives its id. @param deliverySeconds as of {@link DocumentRun}. */
export async function send(
  client: SSMClient,
  run: Omit<DocumentRun, 'executionSeconds'>,
  deliverySeconds: number = MIN_DELIVERY_SECONDS,
): Promise<Result<string, SsmProblem>> {
  const parameters = Object.entries(run.parameters).filter(([, value]) => value !== '');
  try {
    const { Command } = await client.send(
      new SendCommandCommand({
        DocumentName: run.document,
        DocumentVersion: '$DEFAULT',
        InstanceIds: [...run.instanceIds],
        Parameters: Object.fromEntries(parameters.map(([name, value]) => [name, [value]])),
        TimeoutSeconds: deliverySeconds,
        ...(run.comment !== undefined && { Comment: run.comment.slice(0, COMMENT_CHARACTERS) }),
      }),
    );
    if (Command?.CommandId !== undefined) return { ok: true, value: Command.CommandId };
    const says = 'SSM accepted the command without giving its id';
    return { ok: false, problem: { kind: 'open', code: '', says } };
  } catch (error) {
    return { ok: false, problem: ssmProblem(error, run) };
  }
}

function unsent(problem: SsmProblem): RunResult {
  const outcome = problem.kind === 'open' ? 'unknown' : 'undelivered';
  return { ok: false, problem: { ...problem, outcome, call: 'SendCommand' } };
}

/** Waits for the invocations of one command. */
class CommandWatch {
  readonly #client: SSMClient;
  readonly #clock: Clock;
  readonly #run: DocumentRun;
  readonly #commandId: string;
  readonly #pending: Set<string>;
  readonly #results = new Map<string, RunResult>();
  /** The call that was sent last. */
  #call = 'GetCommandInvocation';
  #lastProblem: (SsmProblem & { readonly call: string }) | undefined;

  constructor(client: SSMClient, clock: Clock, run: DocumentRun, commandId: string) {
    this.#client = client;
    this.#clock = clock;
    this.#run = run;
    this.#commandId = commandId;
    this.#pending = new Set(run.instanceIds);
  }

  async results(deadline: number, waitSeconds: number): Promise<ReadonlyMap<string, RunResult>> {
    let wait = FIRST_WAIT_SECONDS;
    while (this.#pending.size > 0 && this.#clock.now() < deadline && this.#lastProblem?.kind !== 'refused') {
      await this.#clock.sleep(wait);
      wait = Math.min(wait * WAIT_GROWTH, MAX_WAIT_SECONDS);
      await this.#poll();
    }
    const failed = this.#lastProblem && { ...this.#lastProblem, outcome: 'unknown' as const };
    for (const id of this.#pending) {
      const silent = { outcome: 'unknown', says: `${id} gave no result within ${waitSeconds} s` } as const;
      this.#results.set(id, { ok: false, problem: failed ?? silent });
    }
    return this.#results;
  }

  async #poll(): Promise<void> {
    this.#lastProblem = undefined;
    try {
      // One call tells which of many are worth asking for their output.
      const candidates = this.#pending.size > 1 ? await this.#finished() : [...this.#pending];
      for (const id of candidates) await this.#ask(id);
    } catch (error) {
      const problem = ssmProblem(error, this.#run);
      if (problem.kind !== 'not-yet') this.#lastProblem = { ...problem, call: this.#call };
    }
  }

  async #ask(id: string): Promise<void> {
    const query = { CommandId: this.#commandId, InstanceId: id };
    this.#call = 'GetCommandInvocation';
    const result = resultOf(await this.#client.send(new GetCommandInvocationCommand(query)), id);
    if (result === undefined) return;
    this.#results.set(id, result);
    this.#pending.delete(id);
  }

  async #finished(): Promise<string[]> {
    const ids: string[] = [];
    this.#call = 'ListCommandInvocations';
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new ListCommandInvocationsCommand({ CommandId: this.#commandId, MaxResults: 50, NextToken: token }),
      );
      const invocations = mustBeListed(page.CommandInvocations, this.#call);
      const done = invocations.filter((invocation) => isTerminal(invocation));
      ids.push(...done.flatMap(({ InstanceId }) => InstanceId ?? []));
      token = page.NextToken;
    } while (token);
    return ids.filter((id) => this.#pending.has(id));
  }
}
