/** What SSM's refusals mean for a Run Command call, in plain words with a remedy. */
import { messageOf } from '../../core/text/message-of.ts';
import { awsErrorCode, judge } from '../errors.ts';

/**
 * - `not-yet`: the command is so new that SSM does not know it everywhere. Ask again.
 * - `busy`: throttled; nothing was done. Ask again.
 * - `refused`: nothing was done, and nothing will be until a person or the node changes something.
 * - `open`: nobody knows whether it was done.
 */
export type SsmProblemKind = 'not-yet' | 'busy' | 'refused' | 'open';

export interface SsmProblem {
  readonly kind: SsmProblemKind;
  /** AWS's; empty where there was no answer. */
  readonly code: string;
  /** One sentence with the remedy. */
  readonly reason: string;
}

/** What the call was about, for the sentence. */
export interface SsmSubject {
  readonly document: string;
  readonly instanceIds: readonly string[];
}

const MAX_MESSAGE_CHARACTERS = 300;
const MAX_IDS_SHOWN = 3;

/** By SSM's names for them (AWS: docs/develop/facts.md#ssm-error-names). */
const EXPLANATIONS: Readonly<Record<string, (document: string, nodes: string) => string>> = {
  InvalidInstanceId: (_, nodes) =>
    `the SSM agent on ${nodes} is not reachable. Remedy: see that the instance runs, the agent is started and registered ` +
    'in this region, and its role has AmazonSSMManagedInstanceCore',
  InvalidDocument: (document) => `there is no SSM document ${document} here. Remedy: deploy the stack again`,
  InvalidDocumentVersion: (document) =>
    `the SSM document ${document} has no default version. Remedy: deploy the stack again`,
  InvalidParameters: (document) =>
    `the SSM document ${document} is not of this function’s version. Remedy: deploy the stack again`,
  MaxDocumentSizeExceeded: (document) =>
    `what is sent with the SSM document ${document} is larger than 64 KB. Remedy: fewer machines, or a shorter configuration`,
  UnsupportedPlatformType: (_, nodes) => `${nodes} must run Linux or macOS`,
  AccessDeniedException: (document, nodes) =>
    `the function may not run the SSM document ${document} on ${nodes}. Remedy: deploy the stack again with this host’s ` +
    'instance id, and see that its tags are those the policy asks for',
};

/** What `error`, thrown by an SSM call about `subject`, means. Never holds output of a script. */
export function ssmProblem(error: unknown, subject: SsmSubject): SsmProblem {
  const code = awsErrorCode(error);
  if (code === 'InvocationDoesNotExist')
    return { kind: 'not-yet', code, reason: 'SSM does not know the command yet' };
  const verdict = judge(error);
  if (!verdict.answered) return { kind: 'open', code: '', reason: verdict.reason };
  const { refusal } = verdict;
  const explanation = EXPLANATIONS[refusal.code]?.(subject.document, nodesOf(subject));
  return {
    kind: refusal.kind === 'throttled' ? 'busy' : 'refused',
    code: refusal.code,
    reason: explanation
      ? `${explanation} (${brief(error, refusal.code)})`
      : `${refusal.code}: ${refusal.message}`,
  };
}

function nodesOf({ instanceIds }: SsmSubject): string {
  const shown = instanceIds.slice(0, MAX_IDS_SHOWN).join(', ');
  return instanceIds.length > MAX_IDS_SHOWN
    ? `${shown} and ${instanceIds.length - MAX_IDS_SHOWN} more`
    : shown;
}

function brief(error: unknown, code: string): string {
  const message = messageOf(error).slice(0, MAX_MESSAGE_CHARACTERS);
  return message === '' || message === 'UnknownError' ? code : `${code}: ${message}`;
}
