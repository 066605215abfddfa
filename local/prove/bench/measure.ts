/** Measures one steady tick with the real EC2 and DynamoDB adapters over HTTP; the Hydra host is in process. */
import { EC2Client } from '@aws-sdk/client-ec2';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoStateStore } from '../../../lambdas/aws/dynamo/state-store.ts';
import { Ec2MachineFleet } from '../../../lambdas/aws/ec2/machine-fleet.ts';
import type { Clock } from '../../../lambdas/ports.ts';
import { answer } from '../../../lambdas/reconcile/answer.ts';
import type { Answer } from '../../../lambdas/reconcile/answer.ts';
import { createStateTable, localDynamoClient, startDynamo } from '../../world/dynamo.ts';
import { startEndpoint } from '../../world/endpoint/server.ts';
import { CppBuilders } from '../../../lambdas/hydra/cpp/builders.ts';
import { dialects } from '../../../lambdas/hydra/dialects.ts';
import { WorldHydraHost } from '../../world/ports/world-hydra-host.ts';
import { WorldWatch } from '../../world/ports/world-watch.ts';
import { farmOfSize, remember } from './farm-of-size.ts';

export interface Measurement {
  readonly machines: number;
  /** `done` when all is well. */
  readonly result: string;
  readonly ec2Calls: number;
  readonly dynamoCalls: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Looks at the Hydra host: one SSM command each, its answer polled for. */
  readonly hostLooks: number;
  readonly milliseconds: number;
  /** Heap in use after the tick over that before it, garbage collected before only. */
  readonly heapMegabytes: number;
}

const TABLE = 'bench';

interface Counts {
  dynamoCalls: number;
  readUnits: number;
  writeUnits: number;
}

type Timed = Pick<Measurement, 'result' | 'hostLooks' | 'milliseconds' | 'heapMegabytes'>;

/** @param garbage collects garbage; node --expose-gc has it. */
export async function measure(machines: number, garbage: () => void): Promise<Measurement> {
  const stage = farmOfSize(machines);
  const { world, file } = stage;
  const { timeline, region, config } = world;
  const dynamo = await startDynamo();
  const endpoint = await startEndpoint({ region });
  const client = localDynamoClient(dynamo.endpoint);
  const ec2 = new EC2Client({
    region: region.settings.regionName,
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  try {
    await createStateTable(client, TABLE);
    const store = new DynamoStateStore(client, TABLE, config.tag);
    await remember(stage, store);
    const clock: Clock = {
      now: () => timeline.now,
      sleep: (seconds) => Promise.resolve(timeline.advanceTo(timeline.now + seconds)),
    };
    const host = new WorldHydraHost(world, file, clock);
    const fleet = new Ec2MachineFleet({ ec2, launcher: ec2, tag: config.tag, clock });
    const builders = new CppBuilders(ec2, () => Promise.resolve({ answers: new Map(), problems: [] }));
    const reporter = { decision: () => undefined, problem: () => undefined, metrics: () => undefined };
    const workplace = {
      config,
      ports: { dialects, host, watch: new WorldWatch(world), builders, fleet, store, clock },
      reporter,
    };
    const tick = (requestId: string) =>
      answer(workplace, { tick: true }, { requestId, nonce: '1', remainingSeconds: 300 });
    await tick('warm-up');
    const counts = countDynamo(client);
    let ec2Calls = 0;
    region.observe({
      call: ({ service }) => {
        if (service === 'ec2') ec2Calls += 1;
      },
    });
    garbage();
    const figures = await timed(tick);
    return { machines, ...figures, ec2Calls, ...counts };
  } finally {
    ec2.destroy();
    client.destroy();
    await endpoint.close();
    await dynamo.stop();
  }
}

async function timed(tick: (requestId: string) => Promise<Answer>): Promise<Timed> {
  const before = { heap: process.memoryUsage().heapUsed, at: performance.now() };
  const answered = await tick('measured');
  return {
    result: answered.result,
    hostLooks: 'rounds' in answered ? answered.rounds : 0,
    milliseconds: Math.round(performance.now() - before.at),
    heapMegabytes: Math.round((process.memoryUsage().heapUsed - before.heap) / 2 ** 20),
  };
}

/** From now on counts calls and the capacity units the engine says they took. */
function countDynamo(client: DynamoDBClient): Counts {
  const counts = { dynamoCalls: 0, readUnits: 0, writeUnits: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const input = Object.assign({}, args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next({ ...args, input });
      counts.dynamoCalls += 1;
      const units = unitsIn(result.output);
      const isRead = /^(Query|GetItem)/.test(String(context.commandName));
      if (isRead) counts.readUnits += units;
      else counts.writeUnits += units;
      return result;
    },
    { step: 'initialize', name: 'count' },
  );
  return counts;
}

function unitsIn(output: unknown): number {
  if (typeof output !== 'object' || output === null || !('ConsumedCapacity' in output)) return 0;
  const consumed = output.ConsumedCapacity;
  if (typeof consumed !== 'object' || consumed === null || !('CapacityUnits' in consumed)) return 0;
  return Number(consumed.CapacityUnits);
}
