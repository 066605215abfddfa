/** What the region tells EventBridge: state changes and spot notices, some moments after they happen. */
import type { Timeline } from '../timeline.ts';
import type { Ids } from './ids.ts';
import type { RegionInstance } from './instance.ts';
import type { Observers, RegionEvent } from './observers.ts';
import type { RegionSettings } from './settings.ts';

/** EventBridge delivers within about a second. */
const DELIVERY_SECONDS = 0.5;

/** What became of a command on one node. */
export interface CommandEnd {
  readonly commandId: string;
  readonly instanceId: string;
  /** Name of its document. */
  readonly document: string;
  readonly status: string;
}

export class Events {
  readonly #timeline: Timeline;
  readonly #ids: Ids;
  readonly #settings: RegionSettings;
  readonly #observers: Observers;

  constructor(timeline: Timeline, ids: Ids, settings: RegionSettings, observers: Observers) {
    this.#timeline = timeline;
    this.#ids = ids;
    this.#settings = settings;
    this.#observers = observers;
    observers.add({
      state: (instance, state) => this.#send('EC2 Instance State-change Notification', instance, { state }),
    });
  }

  interruptionWarning(instance: RegionInstance): void {
    this.#send('EC2 Spot Instance Interruption Warning', instance, { 'instance-action': 'terminate' });
  }

  /** A command has come to an end on a node. @param status as SSM calls it. */
  commandEnded(command: CommandEnd): void {
    const { regionName, accountId } = this.#settings;
    const { instanceId, commandId, document, status } = command;
    this.#deliver({
      source: 'aws.ssm',
      'detail-type': 'EC2 Command Invocation Status-change Notification',
      resources: [`arn:aws:ec2:${regionName}:${accountId}:instance/${instanceId}`],
      detail: { 'command-id': commandId, 'document-name': document, 'instance-id': instanceId, status },
    });
  }

  rebalanceRecommendation(instance: RegionInstance): void {
    this.#send('EC2 Instance Rebalance Recommendation', instance, {});
  }

  #send(type: RegionEvent['detail-type'], instance: RegionInstance, detail: Record<string, string>): void {
    const { regionName, accountId } = this.#settings;
    const isState = type === 'EC2 Instance State-change Notification';
    this.#deliver({
      source: 'aws.ec2',
      'detail-type': type,
      // The spot notices name the zone where an ARN has its region, and no account.
      resources: [
        isState
          ? `arn:aws:ec2:${regionName}:${accountId}:instance/${instance.instanceId}`
          : `arn:aws:ec2:${instance.subnet.zone}:instance/${instance.instanceId}`,
      ],
      detail: { 'instance-id': instance.instanceId, ...detail },
    });
  }

  #deliver(said: Pick<RegionEvent, 'source' | 'detail-type' | 'resources' | 'detail'>): void {
    const { regionName, accountId } = this.#settings;
    const event: RegionEvent = {
      version: '0',
      id: this.#ids.uuid(),
      ...said,
      account: accountId,
      time: new Date(this.#timeline.now * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
      region: regionName,
    };
    this.#timeline.after(DELIVERY_SECONDS, () => this.#observers.event(event));
  }
}
