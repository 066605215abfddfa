/** A DynamoDB engine in this process, for tests and the simulated region. It keeps everything in memory. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { STATE_TABLE } from '../../lambdas/aws/dynamo/state-table.ts';

export interface LocalDynamo {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** Ends open connections and forgets all data. */
  stop(): Promise<void>;
}

/** Starts an empty engine on the loopback interface. @param port 0 for any free one. @throws when the port is taken. */
export async function startDynamo(port = 0): Promise<LocalDynamo> {
  // A caller that only wants a client does not wait for the engine.
  const { default: dynalite } = await import('dynalite');
  const server = dynalite({ createTableMs: 0 });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections();
      await promisify(server.close.bind(server))();
    },
  };
}

/** A client for such an engine; the credentials are made up, as no local engine checks them. */
export function localDynamoClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}

/** The table as the stack makes it, without the expiry of old floors: nothing depends on that. */
export async function createStateTable(client: DynamoDBClient, name: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: STATE_TABLE.partitionKey, AttributeType: 'S' },
        { AttributeName: STATE_TABLE.sortKey, AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: STATE_TABLE.partitionKey, KeyType: 'HASH' },
        { AttributeName: STATE_TABLE.sortKey, KeyType: 'RANGE' },
      ],
    }),
  );
  // It is there at once; how long that takes is a matter of how busy the machine is.
  await waitUntilTableExists({ client, maxWaitTime: 600, minDelay: 1 }, { TableName: name });
}
