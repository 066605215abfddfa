/** The region behind its HTTP endpoint, with unmodified SDK clients. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateLaunchTemplateCommand,
  EC2Client,
  type CreateLaunchTemplateCommandOutput,
  type EC2ClientConfig,
} from '@aws-sdk/client-ec2';
import { SSMClient } from '@aws-sdk/client-ssm';
import { startEndpoint, type Endpoint } from '../../../local/world/endpoint/server.ts';
import { ShellExecutor, type Timer } from '../../../local/world/endpoint/shell-executor.ts';
import { Pacer } from '../../../local/world/pacer.ts';
import { Random } from '../../../local/world/random.ts';
import { Region } from '../../../local/world/region/region.ts';
import type { RegionSettings } from '../../../local/world/region/settings.ts';
import { Timeline } from '../../../local/world/timeline.ts';
import { EXACT, HOST, START, SUBNET_B, X86_IMAGE } from '../region/bench.ts';

export interface EndpointBenchOptions {
  readonly settings?: Partial<RegionSettings>;
  readonly dynamoDbUrl?: string;
  /** Lets time run by itself this many times as fast as real time; without it only `advance` moves it. */
  readonly speed?: number;
  /** When scripts reach their time limits. */
  readonly timer?: Timer;
}

export class EndpointBench {
  readonly root: string;
  readonly timeline: Timeline;
  readonly executor: ShellExecutor;
  readonly region: Region;
  readonly endpoint: Endpoint;
  readonly ec2: EC2Client;
  readonly ssm: SSMClient;
  readonly #pacer: Pacer | undefined;

  private constructor(
    root: string,
    parts: { region: Region; executor: ShellExecutor; endpoint: Endpoint },
    speed?: number,
  ) {
    this.root = root;
    this.region = parts.region;
    this.timeline = parts.region.timeline;
    this.executor = parts.executor;
    this.endpoint = parts.endpoint;
    this.ec2 = new EC2Client(this.clientOptions());
    this.ssm = new SSMClient(this.clientOptions());
    if (speed === undefined) return;
    this.#pacer = new Pacer(this.timeline, { speed, milliseconds: () => performance.now() });
    this.#pacer.start();
  }

  static async start(options: EndpointBenchOptions = {}): Promise<EndpointBench> {
    const root = mkdtempSync(join(tmpdir(), 'endpoint-test-'));
    const executor = new ShellExecutor({
      root,
      path: '/usr/local/bin:/usr/bin:/bin',
      ...(options.timer !== undefined && { timer: options.timer }),
    });
    const region = new Region({
      timeline: new Timeline(START),
      random: new Random(1),
      executor,
      settings: { ...EXACT, ...options.settings },
      nodes: [{ instanceId: HOST, name: 'hydra', tags: { role: 'hydra' } }],
    });
    const { dynamoDbUrl } = options;
    const endpoint = await startEndpoint({ region, ...(dynamoDbUrl !== undefined && { dynamoDbUrl }) });
    return new EndpointBench(root, { region, executor, endpoint }, options.speed);
  }

  /** What every client needs to find the region; no retries, so that each fault is seen. */
  clientOptions(): EC2ClientConfig & { readonly endpoint: string; readonly region: string } {
    return {
      endpoint: this.endpoint.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    };
  }

  /** A launch template `builders`, as a stack would make it. */
  createTemplate(): Promise<CreateLaunchTemplateCommandOutput> {
    return this.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'builders',
        TagSpecifications: [{ ResourceType: 'launch-template', Tags: [{ Key: 'stack', Value: 's' }] }],
        LaunchTemplateData: {
          ImageId: X86_IMAGE,
          InstanceType: 'c7i.large',
          MetadataOptions: { HttpTokens: 'required' },
          InstanceInitiatedShutdownBehavior: 'terminate',
          IamInstanceProfile: { Name: 'builder' },
          BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 100, VolumeType: 'gp3' } }],
          NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: SUBNET_B, AssociatePublicIpAddress: false }],
          TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: 'template' }] }],
        },
      }),
    );
  }

  advance(seconds: number): void {
    this.timeline.advanceTo(this.timeline.now + seconds);
  }

  async stop(): Promise<void> {
    this.#pacer?.stop();
    this.ec2.destroy();
    this.ssm.destroy();
    await this.endpoint.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The name of the error a call fails with; `none` when it succeeds. */
export async function errorName(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}
