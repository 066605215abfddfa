/** DescribeStacks, by which programs find the parts of a deployed farm from the name of its stack. */
import { RegionError } from '../region/errors.ts';
import type { Region } from '../region/region.ts';
import { element, encodeQueryError, escapeXml } from './codec/xml-encode.ts';
import { statusOf, xmlReply, type Reply } from './reply.ts';

/** The stack that a served farm would come from. */
export interface DeployedStack {
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** API version in every CloudFormation request; it tells them from EC2's. */
export const CLOUDFORMATION_VERSION = '2010-05-15';
const NAMESPACE = `http://cloudformation.amazonaws.com/doc/${CLOUDFORMATION_VERSION}/`;
/** Nobody asks when it was made. */
const MADE_AT = '2026-01-01T00:00:00.000Z';

/** @param stack the only one there is; none when absent. */
export async function answerCloudFormation(
  form: URLSearchParams,
  { region, stack }: { readonly region: Region; readonly stack?: DeployedStack },
  requestId: string,
): Promise<Reply> {
  const action = form.get('Action') ?? '';
  const name = form.get('StackName');
  try {
    const described = await region.gate.call({ service: 'cloudformation', action, input: {} }, () => {
      if (action !== 'DescribeStacks')
        throw new RegionError(
          'InvalidAction',
          `The simulated region has no CloudFormation action ${action}.`,
        );
      if (name !== null && name !== stack?.name)
        throw new RegionError('ValidationError', `Stack with id ${name} does not exist`);
      return stack === undefined ? '' : element('member', membersOf(stack, region));
    });
    const result = element('DescribeStacksResult', element('Stacks', described));
    const metadata = element('ResponseMetadata', element('RequestId', escapeXml(requestId)));
    const response = 'DescribeStacksResponse';
    return xmlReply(200, `<${response} xmlns="${NAMESPACE}">${result}${metadata}</${response}>`);
  } catch (error) {
    if (!(error instanceof RegionError)) throw error;
    return xmlReply(statusOf(error.code), encodeQueryError(error.code, error.message, requestId));
  }
}

function membersOf({ name, outputs }: DeployedStack, { settings }: Region): string {
  const id = `arn:aws:cloudformation:${settings.regionName}:${settings.accountId}:stack/${name}/simulated`;
  const told = Object.entries(outputs).map(([key, value]) =>
    element('member', element('OutputKey', escapeXml(key)) + element('OutputValue', escapeXml(value))),
  );
  const members = { StackId: id, StackName: name, CreationTime: MADE_AT, StackStatus: 'CREATE_COMPLETE' };
  const texts = Object.entries(members).map(([key, text]) => element(key, escapeXml(text)));
  return [...texts, element('Outputs', told.join(''))].join('');
}
