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

/** What there is to say of an outcome besides; empty where SSM says it all. */
type Outcome = readonly [RunProblem['outcome'] | 'succeeded' | 'pending', Problem];

const PLAIN: Problem = { says: '' };

/** `StatusDetails` and not `Status`, which says TimedOut of a script that ran too long and of one that never ran. */
const OUTCOMES: ReadonlyMap<string, Outcome> = new Map<string, Outcome>([
  ['Pending', ['pending', PLAIN]],
  ['InProgress', ['pending', PLAIN]],
  ['Delayed', ['pending', PLAIN]],
  ['Cancelling', ['pending', PLAIN]],
  ['Success', ['succeeded', PLAIN]],
  ['Failed', ['failed', PLAIN]],
  [
    'DeliveryTimedOut',
    [
      'undelivered',
      { says: 'the SSM agent did not take the command in time', remedy: 'see that it runs and reaches SSM' },
    ],
  ],
  [
    'Undeliverable',
    [
      'undelivered',
      { says: 'the SSM agent is not there', remedy: 'see that the instance and its agent run' },
    ],
  ],
  ['InvalidPlatform', ['undelivered', { says: 'it must run Linux or macOS' }]],
  [
    'AccessDenied',
    [
      'undelivered',
      {
        says: 'the function may not run commands there',
        remedy: 'see that its tags are those the policy asks for',
      },
    ],
  ],
  ['Terminated', ['undelivered', { says: 'SSM ended the command before it was sent' }]],
  [
    'ExecutionTimedOut',
    [
      'timed-out',
      { says: 'the script took too long and was killed', remedy: 'look at the load of the host' },
    ],
  ],
  ['Cancelled', ['unknown', { says: 'somebody cancelled the command' }]],
]);

/** Whether there is a result to fetch. */
export function isTerminal(invocation: Invocation): boolean {
  return outcomeOf(invocation)[0] !== 'pending';
}

/** The result in `invocation` of the node `id`, or undefined while there is none. Problems never hold the script’s stdout. */
export function resultOf(invocation: Invocation, id: string): RunResult | undefined {
  const [outcome, why] = outcomeOf(invocation);
  const exitCode = invocation.ResponseCode ?? -1;
  const stderr = invocation.StandardErrorContent ?? '';
  switch (outcome) {
    case 'pending':
      return undefined;
    case 'succeeded':
      return { ok: true, value: { stdout: invocation.StandardOutputContent ?? '', stderr, exitCode } };
    case 'failed': {
      const before = why.says === '' ? '' : `${why.says}; `;
      const says = `${before}the script on ${id} ended with exit code ${exitCode}${lastWords(stderr)}`;
      return { ok: false, problem: { outcome, says } };
    }
    case 'undelivered':
    case 'timed-out':
    case 'unknown':
      return { ok: false, problem: { outcome, ...inContext(id, why) } };
  }
}

/**
 * A word that is not known yet may be about to become one that is, unless `Status` says that nothing more will come.
 * Then only that much is believed: the script ran to its end if it left an exit code, and success has no other name.
 */
function outcomeOf(invocation: Invocation): Outcome {
  const known = OUTCOMES.get(statusWord(invocation));
  if (known !== undefined) return known;
  const status = (invocation.Status ?? '').replaceAll(/\s/g, '');
  if (!TERMINAL.has(status)) return ['pending', PLAIN];
  const says = `SSM calls it "${excerpt(invocation.StatusDetails ?? '', 60)}" (${status}), which this version does not know`;
  return [status === 'Failed' && (invocation.ResponseCode ?? -1) > 0 ? 'failed' : 'unknown', { says }];
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
