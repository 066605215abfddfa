/** A Hydra host with the C++ queue runner, reached by SSM Run Command. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Config } from '../../core/config/config.ts';
import type { Offer } from '../../core/life/dialect.ts';
import type { QueueStatus, StandingOffer } from '../../core/model/index.ts';
import type { Result } from '../../core/reason/result.ts';
import type { Clock } from '../../ports.ts';
import type { HostView, Wanted } from '../dialect.ts';
import type { SsmHost } from '../ssm-host.ts';
import { untrusted } from '../trust.ts';
import { decodeAnswer, type HostAnswer } from './host-answer.ts';
import type { ProbeBatch } from './host-probes.ts';
import { listingsFor } from './life/listing.ts';
import { renderMachinesFile } from './machines-file.ts';
import { refuseOversize, unnamedFile, verified } from './publication.ts';
import { parseQueueStatus } from './queue-status.ts';

/** The farm, as its machines file and the host need it. */
export type CppFarm = Pick<Config, 'tag' | 'host' | 'machineTypes'>;

export class CppHost {
  readonly #ssm: SsmHost;
  readonly #clock: Clock;
  readonly #config: CppFarm;

  constructor(ssm: SsmHost, clock: Clock, config: CppFarm) {
    this.#ssm = ssm;
    this.#clock = clock;
    this.#config = config;
  }

  /** What the document `observe` found there. @param batch the machines it was to try. */
  async view(stdout: string, batch: ProbeBatch, hasOffered: boolean): Promise<HostView> {
    const answer = decodeAnswer(stdout);
    if (!answer.ok) return { queue: untrusted('unreadable', answer.problem), readiness: batch.refused };
    const { file, hostNow, notice, payload, probes, unofferable } = answer.value;
    const seen = { at: this.#clock.now(), hostAt: hostNow };
    const status = await this.#ssm.whole(payload);
    const queue = judged(this.#config.host.statusCommand, answer.value, status);
    return {
      queue,
      ...(notice !== undefined && { notice }),
      ...(hasSpoken(queue) && { runner: 'cpp' }),
      ...(file?.isUnnamed === true && !hasOffered
        ? { unofferable: unnamedFile(this.#config) }
        : {
            ...(file && { offer: { digest: file.sha256, seen } }),
            ...(unofferable !== undefined && { unofferable }),
          }),
      readiness: [...batch.refused, ...probes.filter(({ instanceId }) => batch.instanceIds.has(instanceId))],
    };
  }

  /** @throws OfferError when the file could not be verified. */
  async offer({
    offers,
    standing,
    nudge,
  }: Pick<Wanted, 'standing' | 'nudge'> & { readonly offers: readonly Offer[] }): Promise<StandingOffer> {
    const listings = listingsFor(this.#config, offers);
    const content = renderMachinesFile(this.#config.tag, listings);
    const sha256 = createHash('sha256').update(content).digest('hex');
    if (standing?.digest === sha256 && !nudge) return standing;
    const parameters = {
      content: gzipSync(content, { level: 9 }).toString('base64'),
      sha256,
      republish: nudge ? 'yes' : 'no',
      replaced: standing?.digest ?? '',
    };
    refuseOversize(parameters.content.length, listings.length);
    const { hostNow } = verified(await this.#ssm.run('publish', parameters), sha256);
    return { digest: sha256, seen: { at: this.#clock.now(), hostAt: hostNow } };
  }
}

/** Whether these are words of the C++ queue runner itself, believed or not: what fails may be anything else. */
const hasSpoken = (queue: QueueStatus): boolean =>
  queue.trusted || ['stale', 'restarted', 'down'].includes(queue.cause);

function judged(command: readonly string[], answer: HostAnswer, status: Result<string>): HostView['queue'] {
  if (!status.ok) return untrusted('unreadable', status.problem);
  const { exitCode, hostNow, hostSystem, stderr } = answer;
  return parseQueueStatus({ exitCode, stdout: status.value, stderr, hostNow, hostSystem, command });
}
