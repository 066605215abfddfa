/** A Hydra host behind SSM, with the real adapter before it and the real scripts on it. */
import { statSync, utimesSync } from 'node:fs';
import { documentContent } from '../../../infra/documents/documents.ts';
import { decodeInspection } from '../../../lambdas/hydra/cpp/doctor/decode-inspection.ts';
import type { HostInspection } from '../../../lambdas/hydra/cpp/doctor/inspection.ts';
import type { Result } from '../../../lambdas/core/reason/result.ts';
import { SsmHost } from '../../../lambdas/hydra/ssm-host.ts';
import { SsmHydraHost } from '../../../lambdas/hydra/ssm-hydra-host.ts';
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import type { Offer, VerifiedOffer } from '../../../lambdas/core/life/dialect.ts';
import { problemInWords } from '../../../lambdas/core/reason/problem.ts';
import type { QueueStatus, StandingOffer } from '../../../lambdas/core/model/index.ts';
import type { Probe } from '../../../lambdas/hydra/cpp/host-probes.ts';
import { listingsFor } from '../../../lambdas/hydra/cpp/life/listing.ts';
import { renderMachinesFile } from '../../../lambdas/hydra/cpp/machines-file.ts';
import type { HostQuestions } from '../../../lambdas/ports.ts';
import { aBootingMachine, aMachine, aType } from '../../core/given.ts';
import { ImpatientClock } from '../../fakes/impatient-clock.ts';
import { type FarmChanges, ScratchHost } from '../../fakes/scratch-host.ts';
import { SsmStandIn } from '../../fakes/ssm.ts';

export const HYDRA = 'i-0aaaaaaaaaaaaaaaa';
export const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKTzQCl4mKjSnMGuJoxzSjDKPJVKQzFzeqTzVe4Qe3Qu';
const DOCUMENTS = {
  observe: 'stack-observe',
  fetch: 'stack-fetch',
  publish: 'stack-publish',
  inspect: 'stack-inspect',
  gate: 'stack-gate',
  askBuilder: 'stack-ask-builder',
};
const FILE = 'var/lib/hydra/provisioner/machines';

/** The adapter as it is asked by tests of the C++ queue runner. */
export interface HostUnderTest {
  readonly look: SsmHydraHost['look'];
  readonly inspection: () => Promise<Result<HostInspection>>;
  readonly offer: (
    offers: readonly Offer[],
    standing: StandingOffer | undefined,
    nudge: boolean,
  ) => Promise<VerifiedOffer>;
}

export class HydraHostBench {
  readonly ssm: SsmStandIn;
  readonly machine = new ScratchHost();
  readonly clock = new ImpatientClock();
  readonly host: HostUnderTest;

  constructor(ssm: SsmStandIn) {
    this.ssm = ssm;
    ssm.node(HYDRA, this.machine);
    this.machine.program('hydra-queue-runner', `echo '{"status":"down"}'`);
    this.host = this.hostWith({});
  }

  static async start(): Promise<HydraHostBench> {
    return new HydraHostBench(await SsmStandIn.start());
  }

  /** The adapter for a host with such a configuration, whose documents are made anew. */
  hostWith(changes: FarmChanges): HostUnderTest {
    const farm = this.machine.farm(changes);
    for (const key of ['observe', 'fetch', 'publish', 'inspect'] as const)
      this.ssm.document(DOCUMENTS[key], documentContent(key, farm));
    const named = { ...farm.host, instanceId: HYDRA };
    const { clock } = this;
    const config = { ...FARM, tag: farm.tag, host: named };
    const client = this.ssm.client();
    const options = { client, clock, documents: DOCUMENTS };
    const ssm = new SsmHost({ ...options, instanceId: HYDRA });
    const host = new SsmHydraHost({ ...options, config });
    return {
      look: (questions) => host.look(questions),
      inspection: async () => {
        const run = await ssm.run('inspect', {});
        return run.ok ? decodeInspection(run.value.stdout) : run;
      },
      offer: (offers, standing, nudge) =>
        host.offer({
          ...{ runner: 'cpp', offers, withdrawn: [], standing, nudge },
          queue: { trusted: false, cause: 'unreachable', says: 'not asked' },
        }),
    };
  }

  /** Lets the queue runner print `status`. */
  runnerPrints(status: string): void {
    this.machine.program('hydra-queue-runner', `exec cat '${this.machine.file('status.json', status)}'`);
  }

  get file(): string {
    return this.machine.read(FILE);
  }

  set file(content: string) {
    this.machine.file(FILE, content);
  }

  /** In epoch seconds. */
  get fileModifiedAt(): number {
    return statSync(this.machine.path(FILE)).mtimeMs / 1000;
  }

  set fileModifiedAt(seconds: number) {
    utimesSync(this.machine.path(FILE), seconds, seconds);
  }

  get hasFile(): boolean {
    return this.machine.exists(FILE);
  }

  /** The documents that were run, by their work. */
  get sent(): string[] {
    return this.ssm.sent.map(({ DocumentName }) => DocumentName.replace('stack-', ''));
  }

  async stop(): Promise<void> {
    await this.ssm.stop();
    this.machine.remove();
  }
}

/** The farm as the adapter knows it; no machine type has a placeholder. */
export const FARM = { tag: 'farm', machineTypes: [] };

export function offer(address: string, changes: Partial<MachineType> = {}, identity = HOST_KEY): Offer {
  const type = { ...aType('x86_64-linux', { maxJobs: 4, supportedFeatures: ['big-parallel'] }), ...changes };
  return { machine: aMachine({ instanceId: `i-${address}`, address, identity }), type };
}

/** The machines file of these offers. */
export const fileOf = (offers: readonly Offer[]): string =>
  renderMachinesFile(FARM.tag, listingsFor(FARM, offers));

export function probeOf(number: number): Probe {
  return {
    instanceId: `i-${String(number).padStart(8, '0')}`,
    address: `10.0.${number >> 8}.${number & 255}`,
    hostKey: HOST_KEY,
  };
}

/** A look that tries these. */
export const trying = (...probes: readonly Probe[]): HostQuestions => ({
  hasOffered: true,
  candidates: probes.map(({ instanceId, address, hostKey, sshKey }) => ({
    machine: aBootingMachine({ instanceId, identity: hostKey }),
    type: { ...aType('x86_64-linux'), ...(sshKey === undefined ? {} : { sshKey }) },
    address,
  })),
});

/** `cause: reason` of a status that may not be acted on. */
export function distrust(queue: QueueStatus): string {
  return queue.trusted ? 'trusted' : `${queue.cause}: ${problemInWords(queue)}`;
}
