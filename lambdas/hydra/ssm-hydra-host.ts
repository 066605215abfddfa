/** The Hydra host, whichever queue runner it has: one look finds that out, and each kind has its own adapter. */
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Config } from '../core/config/config.ts';
import type { Exam } from '../core/doctor/finding.ts';
import type { VerifiedOffer } from '../core/life/dialect.ts';
import { runnerOf } from '../core/life/runner.ts';
import { messageOf } from '../core/text/message-of.ts';
import type { Clock } from '../ports.ts';
import { CppHost } from './cpp/cpp-host.ts';
import { decodeInspection } from './cpp/doctor/decode-inspection.ts';
import { examineHost } from './cpp/doctor/host.ts';
import { batchProbes, probesOf } from './cpp/host-probes.ts';
import type { HostQuestions, HostView, HydraHost, Wanted } from './dialect.ts';
import { leavesMachinesFile, nothingOf } from './former.ts';
import { type DocumentNames, inBase64 } from './documents.ts';
import { askBuilders } from './rust/ask-builders.ts';
import { decodeRustInspection } from './rust/doctor/decode-inspection.ts';
import { examineRustHost } from './rust/doctor/host.ts';
import { moveGates } from './rust/gates.ts';
import { isRustAnswer } from './rust/host-answer.ts';
import { RustHost } from './rust/rust-host.ts';
import { type HostDocument, SsmHost, withoutAnswer } from './ssm-host.ts';
import { untrusted } from './trust.ts';

export interface SsmHydraHostOptions {
  readonly client: SSMClient;
  readonly clock: Clock;
  readonly config: Pick<Config, 'tag' | 'host' | 'machineTypes'>;
  readonly documents: Pick<DocumentNames, HostDocument | 'gate' | 'askBuilder'>;
}

export class SsmHydraHost implements HydraHost {
  readonly #clock: Clock;
  readonly #ssm: SsmHost;
  readonly #cpp: CppHost;
  readonly #rust: RustHost;

  constructor({ client, clock, config, documents }: SsmHydraHostOptions) {
    this.#clock = clock;
    this.#ssm = new SsmHost({ client, clock, instanceId: config.host.instanceId, documents });
    this.#cpp = new CppHost(this.#ssm, clock, config);
    this.#rust = new RustHost({
      ...{ ssm: this.#ssm, clock, config },
      gates: (ids, gate) => moveGates({ client, clock, document: documents.gate }, ids, gate),
      askBuilders: (ids) => askBuilders({ client, clock, document: documents.askBuilder }, ids),
    });
  }

  async look(questions: HostQuestions): Promise<HostView> {
    try {
      return await this.#look(questions);
    } catch (error) {
      const says = `the Hydra host cannot be asked: ${messageOf(error)}`;
      return { queue: untrusted('unreachable', { says }), readiness: [] };
    }
  }

  async #look({ candidates, hasOffered }: HostQuestions): Promise<HostView> {
    const batch = batchProbes(probesOf(candidates), this.#clock.now());
    const run = await this.#ssm.run('observe', { probes: inBase64(batch.lines) });
    if (!run.ok) return { queue: withoutAnswer(run.problem), readiness: batch.refused };
    const { stdout } = run.value;
    return isRustAnswer(stdout)
      ? this.#rust.view(stdout, candidates)
      : this.#cpp.view(stdout, batch, hasOffered);
  }

  async offer(wanted: Wanted): Promise<VerifiedOffer> {
    if (wanted.runner !== 'rust') return this.#cpp.offer(wanted);
    if (leavesMachinesFile(wanted)) await this.#cpp.offer(nothingOf(wanted)).catch(() => undefined);
    return this.#rust.offer(wanted);
  }

  async inspect(): Promise<Exam> {
    const run = await this.#ssm.run('inspect', {});
    const cpp = run.ok ? decodeInspection(run.value.stdout) : run;
    const rust = run.ok ? decodeRustInspection(run.value.stdout) : run;
    return (examined) =>
      runnerOf(examined.observation) === 'rust'
        ? examineRustHost(examined, rust)
        : examineHost({ ...examined, inspection: cpp });
  }
}
