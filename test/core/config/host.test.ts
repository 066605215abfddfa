/** The settings of the Hydra host, of which each kind of queue runner has its own. */
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../lambdas/core/config/parse.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { ConfigProblem } from '../../../lambdas/core/config/problem.ts';

const HOST = { instanceId: 'i-0123456789abcdef0' };

const parse = (more: object) => parseConfig({ host: { ...HOST, ...more } }, () => undefined);
const problemsOf = (more: object): readonly ConfigProblem[] => parse(more).problems;

function hostOf(more: object): Config['host'] {
  const { config, problems } = parse(more);
  expect(problems).toEqual([]);
  return config.host;
}

describe('the kind of queue runner', () => {
  it('is found out where nobody names it, with the settings of both', () => {
    expect(hostOf({})).toMatchObject({
      runner: 'auto',
      statusCommand: ['hydra-queue-runner', '--status'],
      restUrl: 'http://[::1]:8080',
    });
    expect(hostOf({ queueRunnerAddr: 'http://10.0.0.5:50051' }).runner).toBe('auto');
  });

  it.each([
    [
      { runner: 'rust', queueRunnerAddr: 'https://hydra.example.org', machinesFile: '/m' },
      'host.machinesFile',
    ],
    [{ runner: 'cpp', restUrl: 'http://[::1]:8080' }, 'host.restUrl'],
  ])('has settings of its own: %j', (more, path) => {
    const [problem] = problemsOf(more);
    expect(problem).toMatchObject({ path, says: expect.stringContaining('other queue runner') as unknown });
  });

  it.each([
    [{ runner: 'rust' }, 'host.queueRunnerAddr'],
    [{ runner: 'python' }, 'host.runner'],
    [{ restUrl: 'http://hydra.example.org:8080' }, 'host.restUrl'],
    [{ queueRunnerAddr: '10.0.0.5:50051' }, 'host.queueRunnerAddr'],
  ])('%j is told', (more, path) => {
    expect(problemsOf(more).map((problem) => problem.path)).toEqual([path]);
  });
});
