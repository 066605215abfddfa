/** From a decoded request to the action, through the region's gate. */
import type { Gate } from '../region/gate.ts';
import { dryRunPassed } from '../region/errors.ts';
import type { ApiCall } from '../region/observers.ts';
import type { Region } from '../region/region.ts';
import type { Action } from './action.ts';
import { operationSchemas, type OperationSchemas } from './codec/schemas.ts';
import { isRecord } from './codec/wrong-output.ts';

/** One service behind the endpoint. */
export interface Service {
  readonly name: ApiCall['service'];
  /** The exports of its SDK client package. */
  readonly client: object;
  readonly actions: Readonly<Record<string, Action>>;
}

/** An action together with the contract of its wire. */
export interface Operation {
  readonly service: Service['name'];
  readonly name: string;
  readonly action: Action;
  readonly schemas: OperationSchemas;
}

/** The service's operation of that name, or undefined when the endpoint has none. */
export function findOperation(service: Service, name: string): Operation | undefined {
  if (!Object.hasOwn(service.actions, name)) return undefined;
  const action = service.actions[name];
  if (action === undefined) return undefined;
  return { service: service.name, name, action, schemas: operationSchemas(service.client, name) };
}

/**
 * Carries out one operation.
 * @throws RegionError when it is refused, ReplyLostError when the caller is to hear nothing
 */
export function carryOut(operation: Operation, input: unknown, region: Region): Promise<unknown> {
  const { action, name, service } = operation;
  const request: Parameters<Gate['call']>[0] = { service, action: name, input, ...action.cost(input) };
  return region.gate.call(request, () => {
    action.accept(input);
    if (isDryRun(input)) {
      action.check(input, region);
      throw dryRunPassed();
    }
    return action.handle(input, region);
  });
}

const isDryRun = (input: unknown): boolean => isRecord(input) && input['DryRun'] === true;
