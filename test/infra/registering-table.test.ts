/** What a tick has written of the queue runner is what a machine reads at its boot. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DynamoStateStore } from '../../lambdas/aws/dynamo/state-store.ts';
import {
  createStateTable,
  localDynamoClient,
  startDynamo,
  type LocalDynamo,
} from '../../local/world/dynamo.ts';
import { needs } from '../needs.ts';
import { BOTH, FARM, nixosImage, render, startMachineAws, TABLE } from './builder.ts';
import { ScratchRoot } from './scratch-root.ts';

let dynamo: LocalDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

it('a machine serves the queue runner that the last tick saw', async (context) => {
  needs(context, 'curl');
  const client = localDynamoClient(dynamo.endpoint);
  await createStateTable(client, TABLE);
  const store = new DynamoStateStore(client, TABLE, FARM);
  const taken = await store.acquire('tick', 1, 100);
  if ('heldBy' in taken) throw new Error('the lease is taken');
  // Metadata is answered in this process; the table is a real engine's.
  const aws = await startMachineAws(() => undefined);

  const served = async (kind: 'cpp' | 'rust' | undefined): Promise<string> => {
    const farm = { backOffs: [], lastTickAt: 1, ...(kind && { runner: { kind, since: 1 } }) };
    await store.save(taken.lease, {
      farm,
      machines: [],
      launches: [],
      closedMachines: [],
      closedLaunches: [],
    });
    const root = new ScratchRoot();
    try {
      nixosImage(root);
      await root.run(render({}, {}, BOTH), { ...aws.environment, HYDRA_BUILDER_AWS: dynamo.endpoint });
      return root.read('run/hydra-autoscaler/serves').trim();
    } finally {
      root.remove();
    }
  };
  try {
    expect([await served(undefined), await served('rust'), await served('cpp')]).toEqual([
      'cpp',
      'rust',
      'cpp',
    ]);
  } finally {
    await aws.stop();
    client.destroy();
  }
});
