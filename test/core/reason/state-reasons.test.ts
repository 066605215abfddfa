import { expect, it } from 'vitest';
import { stateReasonInWords } from '../../../lambdas/core/reason/state-reasons.ts';

it.each([
  ['Client.InvalidKMSKey.InvalidState', /enable it/],
  ['Client.InternalError', /key policy/],
  ['Client.VolumeLimitExceeded', /Service Quotas/],
  ['Client.InvalidSnapshot.NotFound', /"image"/],
  ['Client.InstanceInitiatedShutdown', /dead-man switch/],
  ['Client.UserInitiatedShutdown', /CloudTrail/],
  ['Client.InstanceTerminated', /image was made/],
  ['Server.InternalError', /elsewhere/],
  ['Server.InsufficientInstanceCapacity', /instanceTypes/],
  ['Server.SpotInstanceTermination', /took the spot machine/],
  ['Server.SpotInstanceShutdown', /took the spot machine/],
  ['Server.ScheduledStop', /hardware/],
])('%s is told as it is, once, with a remedy', (code, remedy) => {
  const words = stateReasonInWords({ code, message: `${code}: AWS says so` });
  expect(words).toMatch(remedy);
  expect(words.startsWith(`${code}: AWS says so (`)).toBe(true);
  expect(words.split(code)).toHaveLength(2);
  expect(stateReasonInWords({ code, message: 'other words' })).toMatch(`${code}: other words (`);
});

it('tells a code nobody has met as it is, and finds the remedy of every word about keys', () => {
  expect(stateReasonInWords({ code: 'Server.Odd', message: 'odd' })).toBe('Server.Odd: odd');
  expect(stateReasonInWords({ code: 'Server.Odd', message: '' })).toBe('Server.Odd');
  expect(stateReasonInWords({ code: 'Client.InvalidKMSKey.NotFound', message: '' })).toMatch(/enable it/);
});
