/** What an account changes of a first configuration. */
import { describe, expect, it } from 'vitest';
import { troubleOf, whyNobodyAnswers } from '../../../local/programs/init/account-error.ts';
import { NOTHING_KNOWN } from '../../../local/programs/init/account-facts.ts';
import type { AccountFacts, Candidate, FoundSubnet } from '../../../local/programs/init/account-facts.ts';
import type { Answers } from '../../../local/programs/init/answers.ts';
import { decide } from '../../../local/programs/init/decide.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG1pbmUgYW5kIG5vYm9keSBlbHNlJ3MgYnV0IG1p';
const web: Candidate = { instanceId: 'i-0b2b2b2b', name: 'web', address: '10.0.0.9', platform: 'Ubuntu' };
const hydra: Candidate = { instanceId: 'i-0a1a1a1a', name: 'hydra', address: '10.0.0.5', platform: 'NixOS' };
const place = {
  vpc: 'vpc-0c0c0c0c',
  subnet: 'subnet-0c0c0c0c',
  groups: ['sg-0c0c0c0c'],
  address: '10.0.0.5',
  hasPublicAddress: true,
};
const look = {
  runner: 'cpp' as const,
  user: 'hydra-queue-runner',
  isInContainer: false,
  publicKey: KEY,
  sshKey: '/keys/id',
};
const found: AccountFacts = { candidates: [hydra], place, look, defaultVpc: 'vpc-0c0c0c0c' };
const subnet = (name: string, zone: string, freeAddresses = 100, isPublic = true): FoundSubnet => ({
  ...{ subnet: name, zone, freeAddresses, isPublic, vpc: 'vpc-0c0c0c0c' },
});

const missingOf = (facts: AccountFacts, answers: Answers = {}) =>
  decide(answers, facts).missing.map(({ name }) => name);
const at = (path: string, facts: AccountFacts, answers: Answers = {}) =>
  decide(answers, facts).settings.find((setting) => setting.path.join('.') === path);
const type = (key: string, facts: AccountFacts, answers: Answers = {}) =>
  at(`systemTypes.x86_64-linux.${key}`, facts, answers);

describe('the Hydra host', () => {
  it.each<[string, AccountFacts, string | undefined]>([
    ['the only managed instance', found, hydra.instanceId],
    ['the only one called so', { ...found, candidates: [web, hydra] }, hydra.instanceId],
    ['one of two called so', { ...found, candidates: [hydra, { ...web, name: 'hydra-test' }] }, undefined],
    ['none that runs a queue runner', { candidates: [web], look: { isInContainer: false } }, undefined],
    ['nowhere', { candidates: [] }, undefined],
  ])('is %s', (_where, facts, id) => {
    expect(at('host.instanceId', facts)?.value).toBe(id);
    if (id === undefined) expect(missingOf(facts)[0]).toMatch(/^(host|hydra)$/);
    else expect(missingOf(facts)).toEqual([]);
  });

  it('is asked as it was found', () => {
    expect(at('host.user', found)).toMatchObject({ value: 'hydra-queue-runner', from: 'account' });
    expect(type('sshKey', found)?.value).toBe('/keys/id');
    expect(at('deploy.queueRunnerKey', found)?.value).toBe(KEY);
    const inContainer = { ...found, look: { ...look, isInContainer: true } };
    expect(at('host.statusCommand', inContainer)?.value).toContain('docker');
    expect(at('host.user', inContainer)).toBeUndefined();
  });

  it('with the Rust queue runner is registered with at its private address', () => {
    const facts: AccountFacts = { ...found, look: { runner: 'rust', isInContainer: false } };
    expect(at('host.queueRunnerAddr', facts)?.value).toBe('http://10.0.0.5:50051');
    expect(missingOf(facts)).toEqual(['queueRunnerToken']);
  });

  it('without a queue runner is taken where a person says so, and that is told', () => {
    const facts = { ...found, look: { isInContainer: false } };
    expect(decide({ host: hydra.instanceId }, facts).notes[0]).toContain('no queue runner was found');
    expect(decide({}, found).notes.join()).not.toContain('queue runner');
  });

  it('is what a person says, whatever the account says', () => {
    const answers = { host: 'mi-0123456789abcdef1', hydraSource: '10.1.0.0/24' };
    expect(at('host.instanceId', found, answers)).toMatchObject({ value: answers.host, from: 'you' });
    expect(at('deploy.hydraSource', found, answers)).toMatchObject({ value: '10.1.0.0/24', from: 'you' });
  });
});

describe('the network', () => {
  const zones = new Map([
    ['c7i.2xlarge', ['a', 'b']],
    ['m7i.2xlarge', ['b']],
  ]);
  const inDefault = {
    ...found,
    zones,
    subnets: [subnet('s-a', 'a'), subnet('s-b', 'b', 5), subnet('s-b2', 'b', 9), subnet('s-c', 'c')],
  };

  it('is one subnet of each zone that has the machines, the emptiest', () => {
    expect(type('instanceTypes', inDefault)?.value).toEqual(['c7i.2xlarge', 'm7i.2xlarge']);
    expect(type('subnets', inDefault)?.value).toEqual(['s-a', 's-b2']);
    expect(at('deploy.vpc', inDefault)).toBeUndefined();
  });

  it('is that of the Hydra host, with the subnets a person names where none leads out by itself', () => {
    const facts = { ...inDefault, defaultVpc: 'vpc-0d0d0d0d', subnets: [subnet('s-a', 'a', 7, false)] };
    expect(at('deploy.vpc', facts)?.value).toBe('vpc-0c0c0c0c');
    expect(decide({}, facts).missing).toMatchObject([
      { name: 'subnets', choices: ['s-a (a, 7 addresses left)'] },
    ]);
    const hidden = { ...facts, place: { ...place, hasPublicAddress: false } };
    expect(type('subnets', hidden)?.value).toEqual(['subnet-0c0c0c0c']);
  });

  it('has to be named where the account has no default one', () => {
    expect(missingOf({ ...NOTHING_KNOWN, defaultVpc: 'none' }, { hydra: 'new' })).toEqual(['vpc', 'subnets']);
  });
});

describe('the quota', () => {
  const most = (vcpus: number): unknown => at('maxTotalMachines', { ...found, vcpus })?.value;
  it('limits how many machines there may be, and is told where it has room for none', () => {
    expect([1000, 32, 31, 8, 5].map(most)).toEqual([4, 4, 3, 1, 1]);
    const notes = (vcpus: number): string => decide({}, { ...found, vcpus }).notes.join('\n');
    expect(notes(5)).toMatch(/quota of 5 vCPUs .*request-service-quota-increase .*L-1216C47A/);
    expect(notes(8)).not.toContain('quota');
  });
});

/** As the SDK throws it. */
const thrown = (name: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { name, ...more });
const answer = (name: string): Error => thrown(name, 'words', { $fault: 'client' });

describe('an account that does not answer', () => {
  it.each<[Error, RegExp]>([
    [thrown('Error', 'Region is missing'), /AWS_REGION.*--region.*--offline/],
    [
      thrown('CredentialsProviderError', 'Could not load credentials from any providers'),
      /aws sso login.*AWS_PROFILE.*--offline/,
    ],
    [answer('UnrecognizedClientException'), /log in/],
    [answer('ExpiredToken'), /log in/],
    [
      thrown('Error', 'connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED' }),
      /cannot be reached.*AWS_ENDPOINT_URL/,
    ],
  ])('at all ends it, with what to do: %s', (error, words) => {
    expect(whyNobodyAnswers(error)?.message).toMatch(words);
  });

  it.each(['UnauthorizedOperation', 'AccessDeniedException'])(
    'one call alone (%s) costs that call',
    (code) => {
      expect(whyNobodyAnswers(answer(code))).toBeUndefined();
      expect(troubleOf('ec2:DescribeVpcs', answer(code), 'say --vpc').remedy).toBe(
        'let your role call it, or say --vpc',
      );
    },
  );

  it('otherwise costs that call as well, in its own words', () => {
    expect(troubleOf('ec2:X', answer('InternalError'), 'say --vpc')).toMatchObject({
      says: 'InternalError: words',
      remedy: 'say --vpc',
    });
  });
});
