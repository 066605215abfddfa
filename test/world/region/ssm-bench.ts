/** A region with a document and a way to send it. */
import type { RegionSettings } from '../../../local/world/region/settings.ts';
import type { Invocation } from '../../../local/world/region/ssm/invocation.ts';
import type { SendRequest } from '../../../local/world/region/ssm/send-request.ts';
import { HOST, RegionBench } from './bench.ts';

/** A document that runs `runCommand` for at most `timeoutSeconds`. */
export const documentText = (
  runCommand: readonly string[],
  parameters: Readonly<Record<string, unknown>> = {},
  timeoutSeconds = '10',
): string =>
  JSON.stringify({
    schemaVersion: '2.2',
    parameters,
    mainSteps: [{ action: 'aws:runShellScript', name: 'run', inputs: { runCommand, timeoutSeconds } }],
  });

export class SsmBench extends RegionBench {
  constructor(settings: Partial<RegionSettings> = {}) {
    super(settings);
    this.document('try', documentText(['echo hello']));
  }

  document(name: string, text: string): void {
    this.region.ssm.documents.create(name, text, this.timeline.now);
  }

  send(request: Partial<SendRequest> = {}): string {
    return this.region.ssm.commands.send({
      documentName: 'try',
      parameters: {},
      instanceIds: [HOST],
      targets: [],
      timeoutSeconds: 30,
      ...request,
    }).commandId;
  }

  invocation(commandId: string, instanceId = HOST): Invocation {
    return this.region.ssm.commands.invocation(commandId, instanceId);
  }
}
