/** All items a Query finds, page after page. */
import {
  QueryCommand,
  type AttributeValue,
  type DynamoDBClient,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';

/** @throws Error when a page has no list of items: that is not an answer, least of all "nothing". An empty list is one. */
export async function* queryItems(
  client: DynamoDBClient,
  query: QueryCommandInput,
): AsyncGenerator<Record<string, AttributeValue>> {
  let next: Record<string, AttributeValue> | undefined;
  do {
    const { Items, LastEvaluatedKey } = await client.send(
      new QueryCommand({ ...query, ...(next !== undefined && { ExclusiveStartKey: next }) }),
    );
    if (Items === undefined) throw new Error('DynamoDB answered a Query without a list of items');
    yield* Items;
    next = LastEvaluatedKey;
  } while (next !== undefined);
}
