/** The account, with region and credentials as the AWS SDK finds them. Apart, as the clients take a while to load. */
import { EC2Client } from '@aws-sdk/client-ec2';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SSMClient } from '@aws-sdk/client-ssm';
import { Account } from './account.ts';
import type { AccountParts } from './account.ts';

/** @param region where it is not that of the SDK. */
export function openAccount(
  { clock, tell }: Pick<AccountParts, 'clock' | 'tell'>,
  region: string | undefined,
): Account {
  const place = region === undefined ? {} : { region };
  return new Account({
    ec2: new EC2Client(place),
    ssm: new SSMClient(place),
    quotas: new ServiceQuotasClient(place),
    ...{ clock, tell },
  });
}
