/** The real adapter and the real SDK, over HTTP, against the simulated region. */
import { EC2Client } from '@aws-sdk/client-ec2';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SSMClient } from '@aws-sdk/client-ssm';
import { documentContent } from '../../infra/documents/documents.ts';
import { Ec2MachineFleet } from '../../lambdas/aws/ec2/machine-fleet.ts';
import { vcpuQuotas } from '../../lambdas/aws/quotas/service-quotas.ts';
import { CppBuilders } from '../../lambdas/hydra/cpp/builders.ts';
import { askMachines } from '../../lambdas/hydra/cpp/ask-machines.ts';
import { startEndpoint } from '../../local/world/endpoint/server.ts';
import { machineFleetContract } from './machine-fleet.contract.ts';

machineFleetContract('EC2 over HTTP', async (region, farm) => {
  const endpoint = await startEndpoint({ region });
  const here = {
    region: region.settings.regionName,
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: { requestTimeout: 5000, throwOnRequestTimeout: true },
  };
  const ec2 = new EC2Client({ ...here, maxAttempts: 3 });
  const launcher = new EC2Client({ ...here, maxAttempts: 1 });
  const quotas = new ServiceQuotasClient(here);
  const ssm = new SSMClient({ ...here, maxAttempts: 2 });
  const { timeline } = region;
  const clock = {
    now: () => timeline.now,
    sleep: (seconds: number) => Promise.resolve(timeline.advanceTo(timeline.now + seconds)),
  };
  const document = 'ask-machine';
  region.ssm.documents.create(document, JSON.stringify(documentContent('askMachine')), timeline.now);
  return {
    fleet: new Ec2MachineFleet({
      ec2,
      launcher,
      tag: farm,
      clock,
      askQuotas: (markets) => vcpuQuotas(quotas, markets),
    }),
    builders: new CppBuilders(ec2, (ids) => askMachines({ client: ssm, clock, document }, ids)),
    close: async () => {
      ec2.destroy();
      launcher.destroy();
      quotas.destroy();
      ssm.destroy();
      await endpoint.close();
    },
  };
});
