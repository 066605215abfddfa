/** The Hydra host behind SSM Run Command: our documents run there, and what they print comes back whole. */
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { RunProblem, RunResult } from '../aws/ssm/results.ts';
import { runDocument } from '../aws/ssm/run-command.ts';
import type { UntrustedStatus } from '../core/model/index.ts';
import { inContext } from '../core/reason/problem.ts';
import type { Result } from '../core/reason/result.ts';
import type { Clock } from '../ports.ts';
import { DOCUMENTS, type DocumentNames, type ParametersOf } from './documents.ts';
import { decodePart, type Payload, unpackPayload } from './payload.ts';
import { untrusted } from './trust.ts';

/** Each costs a second or two. A status that needs more should be cut down on the host. */
const MAX_PARTS = 20;
/** A healthy agent takes a command within a second or two; a look that takes longer is tried again in the next round. */
const DELIVERY_PATIENCE_SECONDS = 20;

export type HostDocument = 'observe' | 'fetch' | 'publish' | 'inspect';

export interface SsmHostOptions {
  readonly client: SSMClient;
  readonly clock: Clock;
  readonly instanceId: string;
  readonly documents: Pick<DocumentNames, HostDocument>;
}

export class SsmHost {
  readonly #options: SsmHostOptions;

  constructor(options: SsmHostOptions) {
    this.#options = options;
  }

  /** Never throws. */
  async run<Key extends HostDocument>(key: Key, parameters: ParametersOf<Key>): Promise<RunResult> {
    const { client, clock, documents, instanceId } = this.#options;
    const { executionSeconds } = DOCUMENTS[key];
    const results = await runDocument(client, clock, {
      document: documents[key],
      instanceIds: [instanceId],
      parameters,
      comment: `hydra-autoscaler: ${key}`,
      executionSeconds,
      // A write is waited for until it cannot happen any more.
      ...(key !== 'publish' && { waitSeconds: DELIVERY_PATIENCE_SECONDS + executionSeconds }),
    });
    return results.get(instanceId) ?? unknown(`no result of ${instanceId}`);
  }

  /** All that is packed in a payload; any rest of it is fetched in parts of the same snapshot. */
  async whole(payload: Payload): Promise<Result<string>> {
    let { text } = payload;
    for (let part = 0; text.length < payload.length; part++) {
      if (part === MAX_PARTS) return tooLong(payload.length);
      const run = await this.run('fetch', { sha256: payload.sha256, offset: String(text.length) });
      if (!run.ok)
        return { ok: false, problem: inContext('the rest of the status did not come', run.problem) };
      const next = decodePart(run.value.stdout, payload.sha256, text.length);
      if (!next.ok) return next;
      text += next.value;
    }
    return unpackPayload({ ...payload, text });
  }
}

const unknown = (says: string): RunResult => ({ ok: false, problem: { outcome: 'unknown', says } });

function tooLong(characters: number): Result<string> {
  const says = `the status has ${characters} characters even when compressed`;
  return { ok: false, problem: { says, remedy: 'install jq on the Hydra host' } };
}

/** A script that ran and failed is a different matter from a host that cannot be asked. */
export function withoutAnswer(problem: RunProblem): UntrustedStatus {
  const ran = problem.outcome === 'failed' || problem.outcome === 'timed-out';
  return untrusted(ran ? 'failed' : 'unreachable', problem);
}
