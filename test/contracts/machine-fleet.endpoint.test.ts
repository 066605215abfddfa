/** The real adapter and the real SDK, over HTTP, against the simulated region. */
import { EC2Client } from '@aws-sdk/client-ec2';
import { Ec2MachineFleet } from '../../lambdas/adapters/ec2-machine-fleet.ts';
import { startEndpoint } from '../../local/endpoint/server.ts';
import { machineFleetContract } from './machine-fleet.contract.ts';

machineFleetContract('EC2 over HTTP', async (region, farm) => {
  const endpoint = await startEndpoint({ region });
  const client = (maxAttempts: number): EC2Client =>
    new EC2Client({
      region: region.settings.regionName,
      endpoint: endpoint.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts,
      requestHandler: { requestTimeout: 5000, throwOnRequestTimeout: true },
    });
  const [ec2, launcher] = [client(3), client(1)];
  const { timeline } = region;
  const clock = {
    now: () => timeline.now,
    sleep: (seconds: number) => Promise.resolve(timeline.advanceTo(timeline.now + seconds)),
  };
  return {
    fleet: new Ec2MachineFleet({ ec2, launcher, tag: farm, clock }),
    close: async () => {
      ec2.destroy();
      launcher.destroy();
      await endpoint.close();
    },
  };
});
