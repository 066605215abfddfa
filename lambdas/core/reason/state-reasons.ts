/** Why EC2 ended or stopped an instance, in words a person can act on. */
import type { StateReason } from '../model/index.ts';

/** What a person can do about each (codes of the EC2 API's StateReason, and those seen with unusable KMS keys). */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  [
    'Client.InvalidKMSKey.InvalidState',
    'the key that encrypts its disk is disabled or about to be deleted; enable it, or choose another in the launch template or as the default of EBS',
  ],
  [
    'Client.InternalError',
    'most often the key that encrypts its disk may not be used: let the role of the function, and the role of spot, use it in its key policy',
  ],
  [
    'Client.VolumeLimitExceeded',
    'the quota of EBS storage is used up; ask for more in Service Quotas, or let fewer stopped machines keep their disks',
  ],
  [
    'Client.InvalidSnapshot.NotFound',
    'the snapshot of its image is gone or not for this account; check "image" of the machine type',
  ],
  [
    'Client.InstanceInitiatedShutdown',
    'it was powered off from within: by its dead-man switch, or by somebody logged in there',
  ],
  [
    'Client.UserInitiatedShutdown',
    'somebody or something with rights in this account did it by the EC2 API; CloudTrail tells who',
  ],
  ['Client.InstanceTerminated', 'it was ended or restarted while an image was made of it'],
  ['Server.InternalError', 'AWS failed to start it; it is tried again elsewhere'],
  [
    'Server.InsufficientInstanceCapacity',
    'AWS has none there now; more instanceTypes or subnets make this rarer',
  ],
  [
    'Server.SpotInstanceTermination',
    'AWS took the spot machine back; more instanceTypes or subnets make this rarer',
  ],
  [
    'Server.SpotInstanceShutdown',
    'AWS took the spot machine back; more instanceTypes or subnets make this rarer',
  ],
  ['Server.ScheduledStop', 'AWS retires the hardware under it'],
]);

/** The code as it is, AWS's words, and a remedy for the codes that have one. */
export function stateReasonInWords({ code, message }: StateReason): string {
  const said = message.startsWith(code) ? message : `${code}: ${message}`;
  const remedy = REMEDIES.get(code) ?? (isAboutKey(code) ? REMEDIES.get(UNUSABLE_KEY) : undefined);
  const words = message === '' ? code : said;
  return remedy === undefined ? words : `${words} (${remedy})`;
}

const UNUSABLE_KEY = 'Client.InvalidKMSKey.InvalidState';

const isAboutKey = (code: string): boolean => /KMSKey/i.test(code);
