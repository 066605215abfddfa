/** What SSM's refusals mean for a Run Command call, in plain words with a remedy. */
import { NO_ANSWER } from '../../core/model/index.ts';
import type { Problem } from '../../core/model/index.ts';
import { messageOf } from '../../core/text/message-of.ts';
import { inContext } from '../../core/reason/problem.ts';
import { awsErrorCode, refusalOf } from '../errors.ts';

/**
 * - `not-yet`: the command is so new that SSM does not know it everywhere. Ask again.
 * - `busy`: throttled; nothing was done. Ask again.
 * - `refused`: nothing was done, and nothing will be until a person or the node changes something.
 * - `open`: nobody knows whether it was done.
 */
export type SsmProblemKind = 'not-yet' | 'busy' | 'refused' | 'open';

export interface SsmProblem extends Problem {
  readonly kind: SsmProblemKind;
  /** AWS's; empty where there was no answer. */
  readonly code: string;
}

/** What the call was about, for the words. */
export interface SsmSubject {
  readonly document: string;
  readonly instanceIds: readonly string[];
}

const MAX_MESSAGE_CHARACTERS = 300;
const MAX_IDS_SHOWN = 3;
const DEPLOY = 'deploy the stack again';

/** By SSM's names for them (AWS: docs/develop/facts.md#ssm-error-names). */
const EXPLANATIONS: Readonly<Record<string, (document: string, nodes: string) => Problem>> = {
  InvalidInstanceId: (_, nodes) => ({
    says: `the SSM agent on ${nodes} is not reachable`,
    remedy:
      'see that the instance runs, the agent is started and registered in this region, and its role has AmazonSSMManagedInstanceCore',
  }),
  InvalidDocument: (document) => ({ says: `there is no SSM document ${document} here`, remedy: DEPLOY }),
  InvalidDocumentVersion: (document) => ({
    says: `the SSM document ${document} has no default version`,
    remedy: DEPLOY,
  }),
  InvalidParameters: (document) => ({
    says: `the SSM document ${document} is not of this function’s version`,
    remedy: DEPLOY,
  }),
  MaxDocumentSizeExceeded: (document) => ({
    says: `what is sent with the SSM document ${document} is larger than 64 KB`,
    remedy: 'fewer machines, or a shorter configuration',
  }),
  UnsupportedPlatformType: (_, nodes) => ({ says: `${nodes} must run Linux or macOS` }),
  AccessDeniedException: (document, nodes) => ({
    says: `the function may not run the SSM document ${document} on ${nodes}`,
    remedy: `${DEPLOY} with this host’s instance id, and see that its tags are those the policy asks for`,
  }),
};

/** What `error`, thrown by an SSM call about `subject`, means. Never holds output of a script. */
export function ssmProblem(error: unknown, subject: SsmSubject): SsmProblem {
  const code = awsErrorCode(error);
  if (code === 'InvocationDoesNotExist')
    return { kind: 'not-yet', code, says: 'SSM does not know the command yet' };
  const refusal = refusalOf(error);
  if (refusal.code === NO_ANSWER) return { kind: 'open', code: '', says: refusal.says };
  const explanation = EXPLANATIONS[refusal.code]?.(subject.document, nodesOf(subject));
  const problem =
    explanation === undefined
      ? inContext(refusal.code, refusal)
      : { ...explanation, says: `${explanation.says} (${brief(error, refusal.code)})` };
  return { ...problem, kind: refusal.kind === 'throttled' ? 'busy' : 'refused', code: refusal.code };
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
