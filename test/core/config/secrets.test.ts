import { expect, it } from 'vitest';
import { suggest } from '../../../lambdas/config-file/suggest.ts';
import { parseConfig } from '../../../lambdas/core/config/parse.ts';

const warnedOf = (host: object): readonly string[] =>
  parseConfig({ host: { instanceId: 'i-0123456789abcdef0', ...host } }, suggest).warnings.map(
    ({ path }) => path,
  );

it.each([
  [{ HYDRA_DBI: 'dbi:Pg:dbname=hydra;host=db;user=hydra;password=hunter2' }, ['HYDRA_DBI']],
  [{ HYDRA_DBI: 'postgres://hydra:hunter2@db/hydra' }, ['HYDRA_DBI']],
  [{ PGPASSWORD: 'hunter2' }, ['PGPASSWORD']],
  [{ GITHUB_TOKEN: 'ghp_x', API_KEY: 'x' }, ['GITHUB_TOKEN', 'API_KEY']],
  [{ AWS_SECRET_ACCESS_KEY: 'x' }, ['AWS_SECRET_ACCESS_KEY']],
  [{ COMPASS: 'north', NIX_SIGNING_KEY: '/run/keys/signing' }, []],
  [{ PGPASSFILE: '/var/lib/hydra/pgpass', SECRET_FILE: '/x' }, []],
  [{ HYDRA_DBI: 'dbi:Pg:dbname=hydra;user=hydra;', PGPASSWORD: '' }, []],
  [{ URL: 'https://hydra.example.org:8443/a@b' }, []],
])('%j is warned of as a secret: %j', (environment, names) => {
  expect(warnedOf({ environment })).toEqual(names.map((name) => `host.environment.${name}`));
});

it('a secret in the status command is warned of as well', () => {
  expect(warnedOf({ statusCommand: ['curl', 'https://me:hunter2@hydra/queue-runner-status'] })).toEqual([
    'host.statusCommand',
  ]);
});
