/** A Hydra host with the C++ queue runner, reached by SSM Run Command. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { messageOf } from '../../core/text/message-of.ts';
import type { Config } from '../../core/config/config.ts';
import { inContext } from '../../core/reason/problem.ts';
import type { Result } from '../../core/reason/result.ts';
import type { Exam } from '../../core/doctor/finding.ts';
import type { Offer } from '../../core/life/dialect.ts';
import type { StandingOffer, UntrustedStatus } from '../../core/model/index.ts';
import type { Clock } from '../../ports.ts';
import type { HostQuestions, HostView, HydraHost } from '../dialect.ts';
import { DOCUMENTS, type DocumentNames, inBase64, type ParametersOf } from '../documents.ts';
import type { RunProblem, RunResult } from '../../aws/ssm/results.ts';
import { runDocument } from '../../aws/ssm/run-command.ts';
import { decodePart, type Payload, unpackPayload } from '../payload.ts';
import { decodeAnswer, type HostAnswer } from './host-answer.ts';
import { decodeInspection } from './doctor/decode-inspection.ts';
import { examineHost } from './doctor/host.ts';
import type { HostInspection } from './doctor/inspection.ts';
import { batchProbes, probesOf, type ProbeBatch } from './host-probes.ts';
import { listingsFor } from './life/listing.ts';
import { renderMachinesFile } from './machines-file.ts';
import { refuseOversize, unnamedFile, verified } from './publication.ts';
import { untrusted } from '../trust.ts';
import { parseQueueStatus } from './queue-status.ts';

/** Each costs a second or two. A status that needs more should be cut down on the host. */
const MAX_PARTS = 20;
/** A healthy agent takes a command within a second or two; a look that takes longer is tried again in the next round. */
const DELIVERY_PATIENCE_SECONDS = 20;

type HostDocument = 'observe' | 'fetch' | 'publish' | 'inspect';

export interface SsmHydraHostOptions {
  readonly client: SSMClient;
  readonly clock: Clock;
  readonly config: Pick<Config, 'tag' | 'host' | 'machineTypes'>;
  readonly documents: Pick<DocumentNames, HostDocument>;
}

export class SsmHydraHost implements HydraHost {
  readonly #options: SsmHydraHostOptions;

  constructor(options: SsmHydraHostOptions) {
    this.#options = options;
  }

  async look({ candidates, hasOffered }: HostQuestions): Promise<HostView> {
    try {
      return await this.#look(batchProbes(probesOf(candidates), this.#options.clock.now()), hasOffered);
    } catch (error) {
      const says = `the Hydra host cannot be asked: ${messageOf(error)}`;
      return { queue: untrusted('unreachable', { says }), readiness: [] };
    }
  }

  async #look(batch: ProbeBatch, hasOffered: boolean): Promise<HostView> {
    const run = await this.#run('observe', { probes: inBase64(batch.lines) });
    if (!run.ok) return { queue: withoutAnswer(run.problem), readiness: batch.refused };
    const answer = decodeAnswer(run.value.stdout);
    if (!answer.ok) return { queue: untrusted('unreadable', answer.problem), readiness: batch.refused };
    const { file, hostNow, payload, probes, unofferable } = answer.value;
    const seen = { at: this.#options.clock.now(), hostAt: hostNow };
    return {
      queue: judged(this.#options.config.host.statusCommand, answer.value, await this.#status(payload)),
      ...(file?.isUnnamed === true && !hasOffered
        ? { unofferable: unnamedFile(this.#options.config) }
        : {
            ...(file && { offer: { digest: file.sha256, seen } }),
            ...(unofferable !== undefined && { unofferable }),
          }),
      readiness: [...batch.refused, ...probes.filter(({ instanceId }) => batch.instanceIds.has(instanceId))],
    };
  }

  /** The whole status; any rest of it is fetched in parts of the same snapshot. */
  async #status(payload: Payload): Promise<Result<string>> {
    let { text } = payload;
    for (let part = 0; text.length < payload.length; part++) {
      if (part === MAX_PARTS) return tooLong(payload.length);
      const run = await this.#run('fetch', { sha256: payload.sha256, offset: String(text.length) });
      if (!run.ok)
        return { ok: false, problem: inContext('the rest of the status did not come', run.problem) };
      const next = decodePart(run.value.stdout, payload.sha256, text.length);
      if (!next.ok) return next;
      text += next.value;
    }
    return unpackPayload({ ...payload, text });
  }

  /** What surrounds the queue runner there. Never throws. */
  async inspection(): Promise<Result<HostInspection>> {
    const run = await this.#run('inspect', {});
    return run.ok ? decodeInspection(run.value.stdout) : run;
  }

  async inspect(): Promise<Exam> {
    const inspection = await this.inspection();
    return (examined) => examineHost({ ...examined, inspection });
  }

  async offer(
    offers: readonly Offer[],
    current: StandingOffer | undefined,
    nudge: boolean,
  ): Promise<StandingOffer> {
    const { config } = this.#options;
    const listings = listingsFor(config, offers);
    const content = renderMachinesFile(config.tag, listings);
    const sha256 = createHash('sha256').update(content).digest('hex');
    if (current?.digest === sha256 && !nudge) return current;
    const parameters = {
      content: gzipSync(content, { level: 9 }).toString('base64'),
      sha256,
      republish: nudge ? 'yes' : 'no',
      replaced: current?.digest ?? '',
    };
    refuseOversize(parameters.content.length, listings.length);
    const { hostNow } = verified(await this.#run('publish', parameters), sha256);
    return { digest: sha256, seen: { at: this.#options.clock.now(), hostAt: hostNow } };
  }

  async #run<Key extends HostDocument>(key: Key, parameters: ParametersOf<Key>): Promise<RunResult> {
    const { client, clock, documents, config } = this.#options;
    const { instanceId } = config.host;
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
}

const unknown = (says: string): RunResult => ({ ok: false, problem: { outcome: 'unknown', says } });

/** A script that ran and failed is a different matter from a host that cannot be asked. */
function withoutAnswer(problem: RunProblem): UntrustedStatus {
  const ran = problem.outcome === 'failed' || problem.outcome === 'timed-out';
  return untrusted(ran ? 'failed' : 'unreachable', problem);
}

function judged(command: readonly string[], answer: HostAnswer, status: Result<string>): HostView['queue'] {
  if (!status.ok) return untrusted('unreadable', status.problem);
  const { exitCode, hostNow, hostSystem, stderr } = answer;
  return parseQueueStatus({ exitCode, stdout: status.value, stderr, hostNow, hostSystem, command });
}

function tooLong(characters: number): Result<string> {
  const says = `the status has ${characters} characters even when compressed`;
  return { ok: false, problem: { says, remedy: 'install jq on the Hydra host' } };
}
