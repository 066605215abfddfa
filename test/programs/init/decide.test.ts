/** What `npm run init` makes of answers and of an account, without either. */
import { describe, expect, it } from 'vitest';
import { readJsonText } from '../../../lambdas/config-file/json-text.ts';
import { examineDeployment } from '../../../infra/read-deployment.ts';
import type { AccountFacts } from '../../../local/programs/init/account-facts.ts';
import { QUESTIONS, readAnswers } from '../../../local/programs/init/answers.ts';
import type { AnswerName, Answers } from '../../../local/programs/init/answers.ts';
import { decide, superfluous } from '../../../local/programs/init/decide.ts';
import { configOf, configText } from '../../../local/programs/init/write.ts';
import { configFile } from '../../infra/synth.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG1pbmUgYW5kIG5vYm9keSBlbHNlJ3MgYnV0IG1p';
const HOST = 'i-0a1b2c3d4e5f60718';
const REACHED = { host: HOST, hydraSource: '10.0.0.5/32', queueRunnerKey: KEY } satisfies Answers;
const TOKEN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:hydra-builders-AbCdEf';

const missingOf = (answers: Answers, facts: AccountFacts = {}): readonly AnswerName[] =>
  decide(answers, facts).missing.map(({ name }) => name);
/** The value and its origin at a place such as `host.user`. */
const at = (path: string, answers: Answers, facts: AccountFacts = {}) =>
  decide(answers, facts).settings.find((setting) => setting.path.join('.') === path);

describe('the answers', () => {
  it('are read from flags, and all that is wrong is told at once', () => {
    const { answers, wrong } = readAnswers({
      host: 'nope',
      subnets: 'subnet-0a1b2c3d, subnet-0a1b2c3e',
      maxMachines: '0',
    });
    expect(answers).toEqual({ subnets: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'] });
    expect(wrong.map(({ name }) => name)).toEqual(['host', 'maxMachines']);
  });

  it.each<[Answers, readonly AnswerName[]]>([
    [{ hydra: 'new' }, []],
    [{ hydra: 'new', ...REACHED }, ['host', 'hydraSource', 'queueRunnerKey']],
    [{ ...REACHED, runner: 'rust' }, ['hydraSource', 'queueRunnerKey']],
    [{ ...REACHED, runner: 'cpp', queueRunnerAddr: 'http://10.0.0.5:50051' }, ['queueRunnerAddr']],
    [{ ...REACHED, hydra: 'nixos', container: 'hydra' }, ['container']],
  ])('that mean nothing beside others are refused: %j', (answers, names) => {
    expect(superfluous(answers).map(({ name }) => name)).toEqual(names);
  });
});

describe('what is missing', () => {
  it.each<[Answers, readonly AnswerName[]]>([
    [{}, ['hydra']],
    [{ hydra: 'new' }, []],
    [{ hydra: 'docker' }, ['host', 'hydraSource', 'queueRunnerKey']],
    [{ host: HOST }, ['hydraSource', 'queueRunnerKey']],
    [{ host: HOST, runner: 'rust' }, ['queueRunnerAddr', 'queueRunnerToken']],
    [{ ...REACHED, vpc: 'vpc-0a1b2c3d' }, ['subnets']],
    [{ hydra: 'new', vpc: 'vpc-0a1b2c3d' }, ['subnets']],
    [REACHED, []],
  ])('is told all at once, without an account: %j', (answers, names) => {
    expect(missingOf(answers)).toEqual(names);
  });
});

/** Every way to answer all that is needed. */
const WHOLE: readonly Answers[] = [
  { hydra: 'new' },
  { hydra: 'new', vpc: 'vpc-0a1b2c3d', subnets: ['subnet-0a1b2c3d'] },
  {
    hydra: 'new',
    systems: ['aarch64-linux', 'x86_64-linux'],
    market: 'spot',
    maxMachines: 30,
    notify: 'a@b.org',
  },
  REACHED,
  { ...REACHED, hydra: 'debian', act: true },
  { ...REACHED, hydra: 'docker', container: 'builds', host: 'mi-0a1b2c3d4e5f60718' },
  { ...REACHED, vpc: 'vpc-0a1b2c3d', subnets: ['subnet-0a1b2c3d'], targetWait: 120 },
  { host: HOST, runner: 'rust', queueRunnerAddr: 'http://10.0.0.5:50051', queueRunnerToken: TOKEN },
];

describe('the configuration', () => {
  it.each(WHOLE)('can be deployed, without a warning: %j', (answers) => {
    const { settings, missing } = decide(answers, {});
    expect(missing).toEqual([]);
    const { problems, warnings } = examineDeployment(configFile(configOf(settings)));
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
  });

  it.each(WHOLE)('keeps what was said, and says by which flag: %j', (answers) => {
    const said = new Set(
      decide(answers, {}).settings.flatMap(({ from, why }) => (from === 'you' ? [why] : [])),
    );
    const flags = Object.keys(answers)
      .filter((name) => name !== 'hydra' && name !== 'systems')
      .map((name) => QUESTIONS[name as AnswerName].flag);
    expect([...said].toSorted()).toEqual(flags.toSorted());
  });

  it('only watches beside a Hydra that people use, until it is told to act', () => {
    expect(at('observeOnly', REACHED)?.value).toBe(true);
    expect(at('observeOnly', { ...REACHED, act: true })).toMatchObject({ value: false, from: 'you' });
    expect(at('observeOnly', { hydra: 'new' })?.value).toBe(false);
  });

  it('begins small, on demand, by the second and with two families', () => {
    const type = (key: string) => at(`systemTypes.x86_64-linux.${key}`, { hydra: 'new' })?.value;
    expect(at('maxTotalMachines', { hydra: 'new' })?.value).toBe(4);
    expect(['market', 'billing', 'targetWait'].map(type)).toEqual(['on-demand', 'auto', 600]);
    const families = (type('instanceTypes') as string[]).map((name) => name.split('.')[0]);
    expect(new Set(families).size).toBe(2);
  });
});

describe('the text', () => {
  const { settings } = decide({ ...REACHED, systems: ['x86_64-linux', 'aarch64-linux'] }, {});
  const text = configText(settings, ['First.'], './schema.json');

  it('is read back as the configuration', () => {
    expect(readJsonText(text).reading.value).toEqual({
      $schema: './schema.json',
      ...(configOf(settings) as object),
    });
  });

  it('says above each value where it comes from, and of a further machine type only what is new', () => {
    expect(text).toContain('    // you said so: --host\n    "instanceId": "i-0a1b2c3d4e5f60718",');
    const [first = '', second = ''] = text.slice(text.indexOf('"systemTypes"')).split('"aarch64-linux"');
    const values = [...first.matchAll(/^ {6}"/gm)].length;
    expect([...first.matchAll(/^ {6}\/\/ (default|you said so|the account): /gm)]).toHaveLength(values);
    expect(second.slice(0, second.indexOf('}'))).not.toContain('//');
  });
});
