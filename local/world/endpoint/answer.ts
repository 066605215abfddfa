/** One request answered: which service and action it is for, decoded, carried out, encoded. */
import type { IncomingHttpHeaders } from 'node:http';
import { RegionError, ReplyLostError } from '../region/errors.ts';
import type { Region } from '../region/region.ts';
import { decodeAwsJson, encodeAwsJson } from './codec/aws-json.ts';
import { decodeEc2Query } from './codec/ec2-query-decode.ts';
import { encodeEc2Error, encodeEc2Response } from './codec/xml-encode.ts';
import { answerCloudFormation, CLOUDFORMATION_VERSION } from './cloudformation.ts';
import type { DeployedStack } from './cloudformation.ts';
import { carryOut, findOperation, type Service } from './dispatch.ts';
import { jsonReply, statusOf, xmlReply, type Reply } from './reply.ts';
import { ec2Service, pricingService, serviceQuotasService, ssmService } from './services.ts';
import { answerSts, STS_VERSION } from './sts.ts';

export interface Request {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A service that speaks JSON. */
interface JsonService {
  /** What the targets of its actions begin with. */
  readonly target: string;
  readonly service: Service;
  /** What it calls a fault of its own. */
  readonly internalCode: string;
}

const JSON_SERVICES: readonly JsonService[] = [
  { target: 'AmazonSSM.', service: ssmService, internalCode: 'InternalServerError' },
  { target: 'AWSPriceListService.', service: pricingService, internalCode: 'InternalErrorException' },
  { target: 'ServiceQuotasV20190624.', service: serviceQuotasService, internalCode: 'ServiceException' },
];
const EC2_VERSION = '2016-11-15';

/** Headers of AWS's JSON protocols are lists in theory only. */
export const targetOf = (headers: IncomingHttpHeaders): string => String(headers['x-amz-target'] ?? '');

/** What requests are for. */
export interface Account {
  readonly region: Region;
  /** None when absent. */
  readonly stack?: DeployedStack;
}

/**
 * @throws ReplyLostError when the connection is to break without an answer
 */
export function answer(request: Request, account: Account, requestId: string): Promise<Reply> {
  const { region } = account;
  const target = targetOf(request.headers);
  const spoken = JSON_SERVICES.find((one) => target.startsWith(one.target));
  if (spoken !== undefined)
    return answerJson(spoken, target.slice(spoken.target.length), request.body, region);
  const form = new URLSearchParams(request.body);
  if (form.get('Version') === STS_VERSION) return answerSts(form, region, requestId);
  if (form.get('Version') === CLOUDFORMATION_VERSION) return answerCloudFormation(form, account, requestId);
  return answerEc2(form, region, requestId);
}

async function answerEc2(form: URLSearchParams, region: Region, requestId: string): Promise<Reply> {
  try {
    const name = form.get('Action') ?? '';
    const version = form.get('Version') ?? EC2_VERSION;
    const operation = version === EC2_VERSION ? findOperation(ec2Service, name) : undefined;
    if (operation === undefined) {
      throw new RegionError('InvalidAction', `The action ${name} is not valid for this web service.`);
    }
    const { input, output } = operation.schemas;
    const result = await carryOut(operation, decodeEc2Query(input, form), region);
    return xmlReply(200, encodeEc2Response(name, output, result, requestId));
  } catch (error) {
    const { code, message } = refusalOf(error, 'InternalError');
    return xmlReply(statusOf(code), encodeEc2Error(code, message, requestId));
  }
}

async function answerJson(
  { service, internalCode }: JsonService,
  name: string,
  body: string,
  region: Region,
): Promise<Reply> {
  try {
    const operation = findOperation(service, name);
    if (operation === undefined)
      throw new RegionError('UnknownOperationException', `${name} is not known here.`);
    const { input, output } = operation.schemas;
    const result = await carryOut(operation, decodeAwsJson(input, body), region);
    return jsonReply(200, encodeAwsJson(output, result));
  } catch (error) {
    const { code, message } = refusalOf(error, internalCode);
    return jsonReply(statusOf(code), JSON.stringify({ __type: code, message }));
  }
}

/** A mistake of ours is answered as AWS answers its own, and told in full: it is a simulation, and a bug of it. */
function refusalOf(
  error: unknown,
  internalCode: string,
): { readonly code: string; readonly message: string } {
  if (error instanceof ReplyLostError) throw error;
  if (error instanceof RegionError) return error;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: internalCode, message: `a bug of the simulated region: ${message}` };
}
