/** The function's real state store on a DynamoDB engine in this process, whose answers a story can spoil. */
import type { DynamoDBClient, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-dynamodb';
import { HttpResponse } from '@smithy/core/protocols';
import type { DeserializeMiddleware } from '@smithy/types';
import { DynamoStateStore } from '../../../../lambdas/aws/dynamo/state-store.ts';
import type { StateStore } from '../../../../lambdas/ports.ts';
import { createStateTable, localDynamoClient, startDynamo } from '../../../world/dynamo.ts';
import { statusOf } from '../../../world/endpoint/reply.ts';
import { RegionError } from '../../../world/region/errors.ts';
import type { Region } from '../../../world/region/region.ts';
import type { StateAnswers } from './state-answers.ts';
import type { WireActivity } from './wire-activity.ts';

const TABLE = 'scenario-state';

/** What a read answers that finds nothing. */
const NOTHING: Readonly<Record<string, object>> = {
  Query: { Items: [], Count: 0, ScannedCount: 0 },
  GetItem: {},
};

export interface StateTable {
  readonly store: StateStore;
  /** From now on the region refuses what it refuses, and answers are what the story makes of them. */
  readonly spoil: (region: Region, answers: StateAnswers) => void;
  stop(): Promise<void>;
}

/** Starts the engine. @param farm the farm's tag. */
export async function startStateTable(farm: string, activity: WireActivity): Promise<StateTable> {
  const dynamo = await startDynamo();
  const client = localDynamoClient(dynamo.endpoint);
  await createStateTable(client, TABLE);
  client.middlewareStack.add((next) => (args) => activity.call(() => next(args)), { step: 'initialize' });
  return {
    store: new DynamoStateStore(client, TABLE, farm),
    spoil: (region, answers) => {
      spoil(client, region, answers);
    },
    stop: async () => {
      client.destroy();
      await dynamo.stop();
    },
  };
}

/** In place of the socket: what never reaches the engine is answered as DynamoDB would. */
function spoil(client: DynamoDBClient, region: Region, answers: StateAnswers): void {
  const answerInstead: DeserializeMiddleware<ServiceInputTypes, ServiceOutputTypes> =
    (next) => async (args) => {
      const action = actionOf(args.request);
      const refusal = await refusalOf(region, action);
      if (refusal !== undefined) {
        const { code, message } = refusal;
        return { response: jsonResponse(statusOf(code), { __type: code, message }) };
      }
      const nothing = NOTHING[action];
      if (nothing !== undefined && answers.isEmpty()) return { response: jsonResponse(200, nothing) };
      return next(args);
    };
  client.middlewareStack.addRelativeTo(answerInstead, {
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
  });
}

async function refusalOf(region: Region, action: string): Promise<RegionError | undefined> {
  try {
    await region.gate.call({ service: 'dynamodb', action, input: {} }, () => undefined);
    return undefined;
  } catch (error) {
    if (error instanceof RegionError) return error;
    throw error;
  }
}

/** Such as `Query`, from the header `x-amz-target: DynamoDB_20120810.Query`. */
function actionOf(request: unknown): string {
  if (typeof request !== 'object' || request === null || !('headers' in request)) return '';
  const { headers } = request;
  const target: unknown =
    typeof headers === 'object' && headers !== null ? Reflect.get(headers, 'x-amz-target') : '';
  return String(target).split('.').at(-1) ?? '';
}

const jsonResponse = (statusCode: number, body: object): HttpResponse =>
  new HttpResponse({
    statusCode,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(body)),
  });
