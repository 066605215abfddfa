/** The account, asked for what a first configuration needs: each thing once, and only what can still matter. */
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../../../lambdas/ports.ts';
import { zonesOf } from '../../../lambdas/aws/ec2/instance-types.ts';
import { vcpuQuotas } from '../../../lambdas/aws/quotas/service-quotas.ts';
import { runDocument } from '../../../lambdas/aws/ssm/run-command.ts';
import { troubleOf, whyNobodyAnswers } from './account-error.ts';
import type { Trouble } from './account-error.ts';
import type { AccountFacts, HostLook } from './account-facts.ts';
import * as ask from './account-questions.ts';
import type { Answers } from './answers.ts';
import { hostOf } from './decide-host.ts';
import { vpcOf } from './decide-network.ts';
import { ALL_PROPOSED } from './decide-types.ts';
import { hostLookIn, hostScript } from './host-script.ts';

export interface AccountParts {
  readonly ec2: EC2Client;
  readonly ssm: SSMClient;
  readonly quotas: ServiceQuotasClient;
  readonly clock: Clock;
  /** Told before something runs on a host. */
  readonly tell: (words: string) => void;
}

/** The look takes a second or two; a busy host may need more. */
const LOOK_SECONDS = 30;
const DELIVERY_SECONDS = 30;

export class Account {
  readonly #parts: AccountParts;
  /** By what was asked, the answers so far: people are asked in between, and change nothing of them. */
  readonly #answers = new Map<string, Promise<unknown>>();
  readonly #troubles = new Map<string, Trouble>();

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /** The calls that were refused, each with what to do instead. */
  get troubles(): readonly Trouble[] {
    return [...this.#troubles.values()];
  }

  /** What it says, as far as the answers so far make it worth asking. @throws AccountError where nobody can be asked. */
  async facts(answers: Answers): Promise<AccountFacts> {
    const { ec2 } = this.#parts;
    const defaultVpc = await this.#once('ec2:DescribeVpcs', 'say --vpc and --subnets', () =>
      ask.defaultVpc(ec2),
    );
    const [ofTheHost, zones, vcpus] = await Promise.all([
      this.#ofTheHost(answers),
      this.#once('ec2:DescribeInstanceTypeOfferings', 'the usual instance types are taken', () =>
        zonesOf(ec2, ALL_PROPOSED),
      ),
      this.#once('servicequotas:GetServiceQuota', 'the doctor asks it again', () => this.#vcpus()),
    ]);
    const facts = {
      ...ofTheHost,
      ...(defaultVpc && { defaultVpc }),
      ...(zones && { zones }),
      ...(vcpus && { vcpus }),
    };
    const vpc = vpcOf(answers, facts)?.value ?? defaultVpc;
    if (vpc === undefined || vpc === 'none') return facts;
    const subnets = await this.#once(`ec2:DescribeSubnets of ${vpc}`, 'say --subnets', () =>
      ask.subnets(ec2, vpc, vpc === defaultVpc),
    );
    return { ...facts, ...(subnets && { subnets }) };
  }

  async #ofTheHost(answers: Answers): Promise<AccountFacts> {
    if (answers.hydra === 'new') return {};
    const { ec2, ssm } = this.#parts;
    const nodes = await this.#once('ssm:DescribeInstanceInformation', 'say --host', () => ask.nodes(ssm));
    const ids = [
      ...new Set([...(nodes ?? []).map(({ instanceId }) => instanceId), ...(answers.host ?? '').split(',')]),
    ];
    const onEc2 = ids.filter((id) => id.startsWith('i-'));
    const instances = await this.#once(`ec2:DescribeInstances of ${onEc2.join()}`, 'say --hydra-source', () =>
      ask.instances(ec2, onEc2),
    );
    const candidates = nodes && ask.candidatesOf(nodes, instances ?? []);
    const known = candidates === undefined ? {} : { candidates };
    const host = hostOf(answers, known);
    if (host === undefined) return known;
    const place = ask.placeOf(host.value, instances ?? []);
    const look = await this.#once(
      `ssm:SendCommand to ${host.value}`,
      'say --queue-runner-key and --ssh-key',
      () => this.#look(host.value),
    );
    return { ...known, ...(place && { place }), ...(look && { look }) };
  }

  async #vcpus(): Promise<number> {
    const quota = (await vcpuQuotas(this.#parts.quotas, ['on-demand'])).get('on-demand');
    if (quota?.ok === true) return quota.value.vcpus;
    throw new Error(quota?.problem.says ?? 'no answer');
  }

  async #look(instanceId: string): Promise<HostLook> {
    const { ssm, clock, tell } = this.#parts;
    tell(`Looking at ${instanceId} through SSM Run Command; what runs there only reads.`);
    const results = await runDocument(ssm, clock, {
      document: 'AWS-RunShellScript',
      instanceIds: [instanceId],
      parameters: { commands: hostScript(), executionTimeout: String(LOOK_SECONDS) },
      comment: 'hydra-autoscaler: init',
      executionSeconds: LOOK_SECONDS,
      waitSeconds: DELIVERY_SECONDS + LOOK_SECONDS,
    });
    const run = results.get(instanceId);
    if (run?.ok !== true) throw new Error(run?.problem.says ?? `no answer of ${instanceId}`);
    const look = hostLookIn(run.value.stdout);
    if (look.ok) return look.value;
    throw new Error(look.problem.says);
  }

  /** Undefined for what is not to be had. @throws AccountError where nothing is. */
  async #once<T>(what: string, instead: string, question: () => Promise<T>): Promise<T | undefined> {
    const asked =
      (this.#answers.get(what) as Promise<T | undefined> | undefined) ?? this.#ask(what, instead, question);
    this.#answers.set(what, asked);
    return asked;
  }

  async #ask<T>(what: string, instead: string, question: () => Promise<T>): Promise<T | undefined> {
    try {
      return await question();
    } catch (error) {
      const nobody = whyNobodyAnswers(error);
      if (nobody !== undefined) throw nobody;
      this.#troubles.set(what, troubleOf(what, error, instead));
      return undefined;
    }
  }
}
