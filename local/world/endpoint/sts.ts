/** GetCallerIdentity, which people call first to see where they are. */
import { RegionError } from '../region/errors.ts';
import type { Region } from '../region/region.ts';
import { element, encodeQueryError, escapeXml } from './codec/xml-encode.ts';
import { statusOf, xmlReply, type Reply } from './reply.ts';

/** API version in every STS request; it tells them from EC2's. */
export const STS_VERSION = '2011-06-15';

export async function answerSts(form: URLSearchParams, region: Region, requestId: string): Promise<Reply> {
  const action = form.get('Action') ?? '';
  try {
    const { accountId } = region.settings;
    const identity = await region.gate.call({ service: 'sts', action, input: {} }, () => {
      if (action === 'GetCallerIdentity') return { UserId: accountId, Account: accountId };
      throw new RegionError('InvalidAction', `The simulated region has no STS action ${action}.`);
    });
    const members = { Arn: `arn:aws:iam::${accountId}:root`, ...identity };
    const result = Object.entries(members)
      .map(([name, text]) => element(name, escapeXml(text)))
      .join('');
    const metadata = element('ResponseMetadata', element('RequestId', escapeXml(requestId)));
    const response = 'GetCallerIdentityResponse';
    return xmlReply(
      200,
      `<${response} xmlns="https://sts.amazonaws.com/doc/${STS_VERSION}/">${element('GetCallerIdentityResult', result)}${metadata}</${response}>`,
    );
  } catch (error) {
    if (!(error instanceof RegionError)) throw error;
    return xmlReply(statusOf(error.code), encodeQueryError(error.code, error.message, requestId));
  }
}
