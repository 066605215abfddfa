/** What a person may say to `npm run init`, by flags or when asked: each answer with its flag, its question and its check. */
import * as z from 'zod';
import { deploySchema } from '../../../lambdas/core/config/deploy-schema.ts';
import { machineTypeSchema } from '../../../lambdas/core/config/machine-type.ts';
import { pathSchema } from '../../../lambdas/core/config/words.ts';

const HYDRA_KINDS = ['new', 'nixos', 'debian', 'docker'] as const;
const MARKETS = machineTypeSchema.shape.market.unwrap().options;
const ADDRESS = /^https?:\/\/(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9][A-Za-z0-9.-]*)(:\d{1,5})?$/;

const list = (entry: z.ZodType<string>) =>
  z.preprocess(
    (said) => (typeof said === 'string' ? said.split(',').map((one) => one.trim()) : said),
    z
      .array(entry)
      .min(1)
      .transform((all) => [...new Set(all)]),
  );
const wholeNumber = z.coerce.number('must be a number').int('must be a whole number');

/** As they are after their checks; what was not said is absent. */
const answersSchema = z.object({
  hydra: z.enum(HYDRA_KINDS, 'must be new, nixos, debian or docker').optional(),
  host: z
    .string()
    .regex(/^(i-[0-9a-f]{8,17}|mi-[0-9a-f]{17})$/, 'must be i-… or mi-…, as SSM shows it')
    .optional(),
  container: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'must be the name of a container')
    .optional(),
  runner: z.enum(['cpp', 'rust'], 'must be cpp or rust').optional(),
  queueRunnerAddr: z
    .string()
    .regex(ADDRESS, 'must be an address such as http://10.0.0.5:50051 or https://hydra.example.org:443')
    .optional(),
  queueRunnerToken: deploySchema.shape.queueRunnerToken,
  hydraSource: deploySchema.shape.hydraSource,
  queueRunnerKey: deploySchema.shape.queueRunnerKey,
  sshKey: pathSchema.optional(),
  vpc: deploySchema.shape.vpc,
  subnets: list(
    z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'must be ids such as subnet-0a1b2c3d, separated by commas'),
  ).optional(),
  systems: list(
    z.string().regex(/^[a-z0-9_]+-[a-z]+$/, 'must be systems such as x86_64-linux, separated by commas'),
  ).optional(),
  maxMachines: wholeNumber.min(1, 'must be 1 or more').optional(),
  targetWait: wholeNumber.min(60, 'must be 60 or more').max(86_400, 'must be 86400 or less').optional(),
  market: z.enum(MARKETS, `must be ${MARKETS.join(', ')}`).optional(),
  notify: deploySchema.shape.notify,
  act: z.boolean().optional(),
});

export type Answers = z.output<typeof answersSchema>;
export type AnswerName = keyof Answers;

/** How something is asked for, and what the flag is called that says it. */
export interface Question {
  readonly flag: string;
  /** What stands behind the flag; absent for one that takes nothing. */
  readonly takes?: string;
  readonly asks: string;
}

export const QUESTIONS: Readonly<Record<AnswerName, Question>> = {
  hydra: {
    flag: '--hydra',
    takes: 'kind',
    asks: 'the Hydra: new, which the stack makes, or what the one you have runs on: nixos, debian or docker',
  },
  host: { flag: '--host', takes: 'id', asks: 'the Hydra host you have, as SSM knows it: i-… or mi-…' },
  container: { flag: '--container', takes: 'name', asks: 'the container Hydra runs in' },
  runner: {
    flag: '--runner',
    takes: 'kind',
    asks: 'its queue runner: cpp (Hydra up to NixOS 26.05) or rust (from NixOS 26.11 on)',
  },
  queueRunnerAddr: {
    flag: '--queue-runner-addr',
    takes: 'url',
    asks: 'where builders reach the Rust queue runner, such as http://10.0.0.5:50051',
  },
  queueRunnerToken: {
    flag: '--queue-runner-token',
    takes: 'arn',
    asks: 'the secret with the token builders register with at the Rust queue runner',
  },
  hydraSource: {
    flag: '--hydra-source',
    takes: 'source',
    asks: 'the only source that may reach builders: security group (sg-…) or address (10.0.0.5/32) of the Hydra host',
  },
  queueRunnerKey: {
    flag: '--queue-runner-key',
    takes: 'line',
    asks: 'the public half of the queue runner’s SSH key, one line',
  },
  sshKey: { flag: '--ssh-key', takes: 'path', asks: 'where on the host its private half is' },
  vpc: { flag: '--vpc', takes: 'id', asks: 'the network of the builders' },
  subnets: { flag: '--subnets', takes: 'ids', asks: 'their subnets, one a zone, which lead to the internet' },
  systems: { flag: '--systems', takes: 'names', asks: 'what to build for, separated by commas' },
  maxMachines: {
    flag: '--max-machines',
    takes: 'n',
    asks: 'how many machines there may be at once, at most',
  },
  targetWait: { flag: '--target-wait', takes: 'seconds', asks: 'how long a step may expect to wait' },
  market: { flag: '--market', takes: 'market', asks: 'on-demand, spot or spot-then-on-demand' },
  notify: { flag: '--notify', takes: 'mail', asks: 'where alarms are mailed to' },
  act: {
    flag: '--act',
    asks: 'launch machines from the first tick on, instead of only watching beside the Hydra you have',
  },
};

export const ANSWER_NAMES = Object.keys(QUESTIONS) as readonly AnswerName[];

/** What is wrong with one answer. */
export interface WrongAnswer {
  readonly name: AnswerName;
  readonly says: string;
}

/** Reads what was said. What is wrong is told all at once, and left out of the answers. */
export function readAnswers(said: Readonly<Record<string, unknown>>): {
  readonly answers: Answers;
  readonly wrong: readonly WrongAnswer[];
} {
  const given = Object.fromEntries(
    ANSWER_NAMES.filter((name) => said[name] !== undefined).map((name) => [name, said[name]]),
  );
  const parsed = answersSchema.safeParse(given);
  if (parsed.success) return { answers: parsed.data, wrong: [] };
  const wrong = parsed.error.issues.map(({ path, message }) => ({
    name: path[0] as AnswerName,
    says: message,
  }));
  const names = new Set(wrong.map(({ name }) => name));
  const sound = Object.fromEntries(Object.entries(given).filter(([name]) => !names.has(name as AnswerName)));
  return { answers: answersSchema.parse(sound), wrong };
}
