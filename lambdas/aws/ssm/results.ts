/** What became of a command on one managed node, read from SSM's status words. */
import { excerpt } from '../../core/text/excerpt.ts';

/** The outcome on one node. Only `succeeded` and `failed` mean that the script ran to its end. */
export type RunResult =
  | {
      readonly outcome: 'succeeded';
      readonly stdout: string;
      readonly stderr: string;
      readonly exitCode: number;
    }
  | {
      readonly outcome: 'failed';
      readonly exitCode: number;
      readonly statusDetails: string;
      readonly reason: string;
    }
  /** SSM gave up handing it over. It has run all the same if the agent took it and then lost contact. */
  | { readonly outcome: 'undelivered'; readonly reason: string; readonly failure?: FailedCall }
  /** The agent killed it with the time it had; what it did until then is done. */
  | { readonly outcome: 'timed-out'; readonly reason: string }
  /** Nobody knows whether it ran, runs, or will run. */
  | { readonly outcome: 'unknown'; readonly reason: string; readonly failure?: FailedCall };

/** The call of ours that failed, where it was one. The same object on every node of a command. */
export interface FailedCall {
  /** Such as `SendCommand`. */
  readonly call: string;
  /** AWS's; empty where there was no answer. */
  readonly code: string;
}

/** The part of SSM's answers that tells the outcome. */
export interface Invocation {
  readonly Status?: string | undefined;
  readonly StatusDetails?: string | undefined;
  readonly ResponseCode?: number | undefined;
  readonly StandardOutputContent?: string | undefined;
  readonly StandardErrorContent?: string | undefined;
}

type Outcome = RunResult['outcome'] | 'pending';

/** `StatusDetails` and not `Status`, which says TimedOut of a script that ran too long and of one that never ran. */
const OUTCOMES: ReadonlyMap<string, readonly [Outcome, string]> = new Map([
  ['Pending', ['pending', '']],
  ['InProgress', ['pending', '']],
  ['Delayed', ['pending', '']],
  ['Cancelling', ['pending', '']],
  ['Success', ['succeeded', '']],
  ['Failed', ['failed', '']],
  [
    'DeliveryTimedOut',
    [
      'undelivered',
      'the SSM agent did not take the command in time. Remedy: see that it runs and reaches SSM',
    ],
  ],
  [
    'Undeliverable',
    ['undelivered', 'the SSM agent is not there. Remedy: see that the instance and its agent run'],
  ],
  ['InvalidPlatform', ['undelivered', 'it must run Linux or macOS']],
  [
    'AccessDenied',
    [
      'undelivered',
      'the function may not run commands there. Remedy: see that its tags are those the policy asks for',
    ],
  ],
  ['Terminated', ['undelivered', 'SSM ended the command before it was sent']],
  [
    'ExecutionTimedOut',
    ['timed-out', 'the script took too long and was killed. Remedy: look at the load of the host'],
  ],
  ['Cancelled', ['unknown', 'somebody cancelled the command']],
] as const);

/** Whether there is a result to fetch. */
export function isTerminal(invocation: Invocation): boolean {
  return outcomeOf(invocation)[0] !== 'pending';
}

/** The result in `invocation` of the node `id`, or undefined while there is none. Reasons never hold the script’s stdout. */
export function resultOf(invocation: Invocation, id: string): RunResult | undefined {
  const [outcome, why] = outcomeOf(invocation);
  const exitCode = invocation.ResponseCode ?? -1;
  const stderr = invocation.StandardErrorContent ?? '';
  switch (outcome) {
    case 'pending':
      return undefined;
    case 'succeeded':
      return { outcome, stdout: invocation.StandardOutputContent ?? '', stderr, exitCode };
    case 'failed':
      return {
        outcome,
        exitCode,
        statusDetails: statusWord(invocation),
        reason: `${why === '' ? '' : `${why}; `}the script on ${id} ended with exit code ${exitCode}${lastWords(stderr)}`,
      };
    case 'undelivered':
    case 'timed-out':
    case 'unknown':
      return { outcome, reason: `${id}: ${why}` };
  }
}

/**
 * A word that is not known yet may be about to become one that is, unless `Status` says that nothing more will come.
 * Then only that much is believed: the script ran to its end if it left an exit code, and success has no other name.
 */
function outcomeOf(invocation: Invocation): readonly [Outcome, string] {
  const known = OUTCOMES.get(statusWord(invocation));
  if (known !== undefined) return known;
  const status = (invocation.Status ?? '').replaceAll(/\s/g, '');
  if (!TERMINAL.has(status)) return ['pending', ''];
  const words = `SSM calls it "${excerpt(invocation.StatusDetails ?? '', 60)}" (${status}), which this version does not know`;
  return [status === 'Failed' && (invocation.ResponseCode ?? -1) > 0 ? 'failed' : 'unknown', words];
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
