/** What became of a command on one managed node, read from SSM's status words. */
import type { Problem } from '../../core/model/index.ts';
import { inContext } from '../../core/reason/problem.ts';
import type { Result } from '../../core/reason/result.ts';
import { excerpt } from '../../core/text/excerpt.ts';

/** What a script printed that succeeded on one node, or why nothing of that is known. */
export type RunResult = Result<Printed, RunProblem>;

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** A script that did not succeed on one node. */
export interface RunProblem extends Problem {
  /**
   * - `failed`: it ran to its end.
   * - `undelivered`: SSM gave up handing it over. It has run all the same if the agent took it and then lost contact.
   * - `timed-out`: the agent killed it with the time it had; what it did until then is done.
   * - `unknown`: nobody knows whether it ran, runs, or will run.
   */
  readonly outcome: 'failed' | 'undelivered' | 'timed-out' | 'unknown';
  /** The call of ours that failed, such as `SendCommand`, where it was one; then it is one problem of all its nodes. */
  readonly call?: string;
  /** AWS's; empty where there was no answer. */
  readonly code?: string;
}

/** The part of SSM's answers that tells the outcome. */
export interface Invocation {
  readonly Status?: string | undefined;
  readonly StatusDetails?: string | undefined;
  readonly ResponseCode?: number | undefined;
  readonly StandardOutputContent?: string | undefined;
  readonly StandardErrorContent?: string | undefined;
}

/** `StatusDetails` and not `Status`, which says TimedOut of a script that ran too long and of one that never ran. */
const PENDING: ReadonlySet<string> = new Set(['Pending', 'InProgress', 'Delayed', 'Cancelling']);
const PROBLEMS: ReadonlyMap<string, RunProblem> = new Map(
  Object.entries<RunProblem>({
    Failed: { outcome: 'failed', says: '' },
    DeliveryTimedOut: {
      outcome: 'undelivered',
      says: 'the SSM agent did not take the command in time',
      remedy: 'see that it runs and reaches SSM',
    },
    Undeliverable: {
      outcome: 'undelivered',
      says: 'the SSM agent is not there',
      remedy: 'see that the instance and its agent run',
    },
    InvalidPlatform: { outcome: 'undelivered', says: 'it must run Linux or macOS' },
    AccessDenied: {
      outcome: 'undelivered',
      says: 'the function may not run commands there',
      remedy: 'see that its tags are those the policy asks for',
    },
    Terminated: { outcome: 'undelivered', says: 'SSM ended the command before it was sent' },
    ExecutionTimedOut: {
      outcome: 'timed-out',
      says: 'the script took too long and was killed',
      remedy: 'look at the load of the host',
    },
    Cancelled: { outcome: 'unknown', says: 'somebody cancelled the command' },
  }),
);

/** Whether there is a result to fetch. */
export const isTerminal = (invocation: Invocation): boolean => outcomeOf(invocation) !== 'pending';

/** The result in `invocation` of the node `id`, or undefined while there is none. Problems never hold the script’s stdout. */
export function resultOf(invocation: Invocation, id: string): RunResult | undefined {
  const found = outcomeOf(invocation);
  const { ResponseCode: exitCode = -1, StandardErrorContent: stderr = '' } = invocation;
  if (found === 'pending') return undefined;
  if (found === 'succeeded')
    return { ok: true, value: { stdout: invocation.StandardOutputContent ?? '', stderr, exitCode } };
  const { outcome } = found;
  if (outcome !== 'failed') return { ok: false, problem: { outcome, ...inContext(id, found) } };
  const before = found.says === '' ? '' : `${found.says}; `;
  const says = `${before}the script on ${id} ended with exit code ${exitCode}${lastWords(stderr)}`;
  return { ok: false, problem: { outcome, says } };
}

/**
 * A word that is not known yet may be about to become one that is, unless `Status` says that nothing more will come.
 * Then only that much is believed: the script ran to its end if it left an exit code, and success has no other name.
 */
function outcomeOf(invocation: Invocation): 'pending' | 'succeeded' | RunProblem {
  const word = statusWord(invocation);
  if (word === 'Success') return 'succeeded';
  const known = PENDING.has(word) ? 'pending' : PROBLEMS.get(word);
  if (known !== undefined) return known;
  const status = (invocation.Status ?? '').replaceAll(/\s/g, '');
  if (!TERMINAL.has(status)) return 'pending';
  const says = `SSM calls it "${excerpt(invocation.StatusDetails ?? '', 60)}" (${status}), which this version does not know`;
  return { outcome: status === 'Failed' && (invocation.ResponseCode ?? -1) > 0 ? 'failed' : 'unknown', says };
}

/** Values of `Status` after which nothing changes any more (AWS: docs/develop/facts.md#ssm-statuses-that-are-final). */
const TERMINAL: ReadonlySet<string> = new Set(['Success', 'Failed', 'Cancelled', 'TimedOut']);

/** The documentation writes some of them with spaces. */
function statusWord({ StatusDetails, Status }: Invocation): string {
  return (StatusDetails || Status || '').replaceAll(/\s/g, '');
}

function lastWords(stderr: string): string {
  const said = stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('failed to run commands: exit status'))
    .at(-1);
  return said === undefined ? '' : `: ${excerpt(said, 300)}`;
}
