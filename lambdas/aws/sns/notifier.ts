/** Notices to an SNS topic. */
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Notifier } from '../../reporting.ts';

export class SnsNotifier implements Notifier {
  readonly #client: SNSClient;
  readonly #topicArn: string;
  readonly #failed: (error: unknown) => void;

  /** @param failed told when a notice could not be sent; it is not sent again. */
  constructor(client: SNSClient, topicArn: string, failed: (error: unknown) => void) {
    this.#client = client;
    this.#topicArn = topicArn;
    this.#failed = failed;
  }

  async notify(subject: string, text: string): Promise<void> {
    try {
      await this.#client.send(
        new PublishCommand({ TopicArn: this.#topicArn, Subject: subject, Message: text }),
      );
    } catch (error) {
      this.#failed(error);
    }
  }
}
