/** The Hydra host of the simulated world, in process: no SSM, no shell, the same answers. */
import { createHash } from 'node:crypto';
import {
  fileOwner,
  machinesFileProblems,
  renderMachinesFile,
} from '../../../lambdas/hydra/cpp/machines-file.ts';
import { staticMachines } from '../../../lambdas/hydra/cpp/doctor/static-machines.ts';
import { parseQueueStatus, type StatusAnswer } from '../../../lambdas/hydra/cpp/queue-status.ts';
import { untrusted } from '../../../lambdas/hydra/trust.ts';
import type { Exam } from '../../../lambdas/core/doctor/finding.ts';
import { examineHost } from '../../../lambdas/hydra/cpp/doctor/host.ts';
import { probesOf } from '../../../lambdas/hydra/cpp/host-probes.ts';
import type { Probe } from '../../../lambdas/hydra/cpp/host-probes.ts';
import { listingsFor } from '../../../lambdas/hydra/cpp/life/listing.ts';
import { unnamedFile } from '../../../lambdas/hydra/cpp/publication.ts';
import type { HostInspection } from '../../../lambdas/hydra/cpp/doctor/inspection.ts';
import type { Problem, Readiness, Sighting, StandingOffer } from '../../../lambdas/core/model/index.ts';
import { OfferError } from '../../../lambdas/ports.ts';
import type { Clock, HostQuestions, HostView, HydraHost, Wanted } from '../../../lambdas/ports.ts';
import type { MachinesFileInMemory } from '../queue-runner/machines-file.ts';
import type { World } from '../world.ts';
import { noticeAt } from './notice-look.ts';
import { ROUND_TRIP_SECONDS, sendRefusal } from './ssm-refusal.ts';

export interface WorldHydraHostOptions {
  /** The Hydra host's own clock, if it is wrong. */
  readonly hostClock: () => number;
  /** What becomes of the status command's answer on its way. */
  readonly heard: (answer: StatusAnswer) => StatusAnswer;
}

export class WorldHydraHost implements HydraHost {
  readonly #world: World;
  readonly #file: MachinesFileInMemory;
  readonly #clock: Clock;
  readonly #options: WorldHydraHostOptions;

  constructor(
    world: World,
    file: MachinesFileInMemory,
    clock: Clock,
    options: Partial<WorldHydraHostOptions> = {},
  ) {
    this.#world = world;
    this.#file = file;
    this.#clock = clock;
    this.#options = { hostClock: () => world.timeline.now, heard: (answer) => answer, ...options };
  }

  async look({ candidates, hasOffered }: HostQuestions): Promise<HostView> {
    const refusal = await this.#refusal('observe');
    if (refusal !== undefined) return { queue: untrusted('unreachable', refusal), readiness: [] };
    await this.#clock.sleep(ROUND_TRIP_SECONDS);
    const { exit, stdout, stderr } = this.#world.cpp.runner.status();
    const hostNow = this.#options.hostClock();
    const answer = this.#options.heard({
      exitCode: exit,
      stdout,
      stderr,
      hostNow,
      hostSystem: 'x86_64-linux',
    });
    const file = this.#published();
    const unofferable = this.#placeProblem();
    const queue = parseQueueStatus(answer);
    const notice = noticeAt(this.#world, hostNow);
    return {
      queue,
      ...(notice !== undefined && { notice }),
      ...(queue.trusted && { runner: 'cpp' }),
      ...(fileOwner(this.#text) === 'unnamed' && !hasOffered
        ? { unofferable: unnamedFile(this.#world.config) }
        : { ...(file && { offer: file }), ...(unofferable !== undefined && { unofferable }) }),
      readiness: probesOf(candidates).map((probe) => this.#probe(probe)),
    };
  }

  async inspect(): Promise<Exam> {
    await this.#clock.sleep(ROUND_TRIP_SECONDS);
    const inspection = { ok: true, value: this.#surroundings() } as const;
    return (examined) => examineHost({ ...examined, inspection });
  }

  #surroundings(): HostInspection {
    const { host, machineTypes } = this.#world.config;
    const path = host.machinesFile;
    const sshKeys = [...new Set(machineTypes.flatMap(({ sshKey }) => sshKey ?? []))];
    const isThere = this.#file.stat() !== undefined;
    return {
      source: this.#world.runner.running ? 'process' : 'unit',
      user: 'hydra-queue-runner',
      told: 'files',
      files: [
        { path: STATIC_FILE, isOurs: false, state: 'readable' },
        { path, isOurs: true, state: isThere ? 'readable' : 'missing' },
      ],
      staticMachines: staticMachines([STATIC_FILE], () => this.#world.staticMachines.read()),
      directory: { state: 'writable', access: 'readable' },
      sshKeys: sshKeys.map((key) => ({ path: key, access: 'readable' })),
      ownSshKey: '/var/lib/hydra/queue-runner/.ssh/id_ed25519',
      unsupportedSeconds: 'unset',
    };
  }

  async offer({ offers, standing: current, nudge }: Wanted): Promise<StandingOffer> {
    const listings = listingsFor(this.#world.config, offers);
    const problems = machinesFileProblems(listings);
    if (problems.length > 0) throw new OfferError({ says: problems.join('; ') });
    const text = renderMachinesFile(this.#world.config.tag, listings);
    if (current?.digest === sha256(text) && !nudge) return current;
    const refusal = await this.#refusal('publish');
    if (refusal !== undefined) throw new OfferError(refusal);
    await this.#clock.sleep(ROUND_TRIP_SECONDS);
    this.#refuseForeign(current);
    this.#file.replace(text);
    return { digest: sha256(text), seen: this.#sighting() };
  }

  /** Why SSM does not take a command for the host; undefined when it does. */
  #refusal(document: string): Promise<Problem | undefined> {
    const { region, config } = this.#world;
    return sendRefusal(region, { document, instanceIds: [config.host.instanceId] });
  }

  /** As the document does it. @throws OfferError for a file that somebody else wrote. */
  #refuseForeign(current: StandingOffer | undefined): void {
    const problem = this.#placeProblem();
    if (problem !== undefined) throw new OfferError(problem);
    if (fileOwner(this.#text) !== 'unnamed' || current?.digest === sha256(this.#text)) return;
    throw new OfferError({ says: `${this.#path} does not say for which farm it was written` });
  }

  #placeProblem(): Problem | undefined {
    const { tag } = this.#world.config;
    const owner = fileOwner(this.#text);
    if (owner === 'stranger')
      return {
        says: `${this.#path} was not written by hydra-autoscaler and is left alone: give host.machinesFile a path of its own, or move that file away`,
      };
    if (typeof owner === 'string' || owner.farm === tag) return undefined;
    return {
      says: `${this.#path} belongs to the farm ${owner.farm}, and this one is ${tag}: give host.machinesFile a path of its own, or remove that file if that farm is gone or was renamed`,
    };
  }

  get #path(): string {
    return this.#world.config.host.machinesFile;
  }

  /** Empty where there is no file. */
  get #text(): string {
    return this.#file.stat() === undefined ? '' : this.#file.read();
  }

  #published(): StandingOffer | undefined {
    if (this.#file.stat() === undefined) return undefined;
    return { digest: sha256(this.#file.read()), seen: this.#sighting() };
  }

  #sighting(): Sighting {
    return { at: this.#clock.now(), hostAt: this.#options.hostClock() };
  }

  #probe({ instanceId, address, hostKey, sshUser: user = 'root', sshPort: port = 22 }: Probe): Readiness {
    const answer = this.#world.knock(address, { user, port });
    if (answer === undefined) return { instanceId, reached: false, detail: 'Connection refused' };
    // As in a known_hosts file, what follows the key is a comment.
    const reached = answer === hostKey.split(' ').slice(0, 2).join(' ');
    return { instanceId, reached, detail: reached ? '' : 'Host key verification failed.' };
  }
}

const STATIC_FILE = '/etc/nix/machines';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
