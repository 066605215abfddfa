/** Who may reach the builders, and where. */
import { describe, expect, it } from 'vitest';
import { examineDeployment } from '../../infra/read-deployment.ts';
import { foreignRegion } from '../../infra/network-rules.ts';
import { configFile, example, exampleWithHydra } from './synth.ts';
import type { Json, JsonObject } from './synth.ts';

function examined(deploy: Record<string, Json>) {
  const base = example();
  return examineDeployment(configFile({ ...base, deploy: { ...(base['deploy'] as JsonObject), ...deploy } }));
}

const problemsOf = (deploy: Record<string, Json>): readonly string[] =>
  examined(deploy).problems.map(({ path, says }) => `${path}: ${says}`);

describe('a source', () => {
  it.each([
    '999.1.1.1/99',
    '10.0.0.1',
    '10.0.0.0/33',
    '256.0.0.0/8',
    '010.0.0.1/32',
    '10.0.0/8',
    '::/0',
    '2001:db8::1/128',
  ])('%s is no range of IPv4 addresses, and IPv6 is said not to be supported', (hydraSource) => {
    expect(problemsOf({ hydraSource })).toEqual([
      expect.stringMatching(
        /^deploy\.hydraSource: must be .* such as 10\.0\.0\.5\/32; IPv6 is not supported$/,
      ),
    ]);
  });

  it.each(['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/7'])(
    '%s is everybody, unless that is said',
    (hydraSource) => {
      expect(problemsOf({ hydraSource })).toEqual([
        expect.stringMatching(
          /port 22 of every builder to \d+ addresses.*"openToInternet": \["hydraSource"\]/,
        ),
      ]);
      expect(problemsOf({ hydraSource, openToInternet: ['hydraSource'] })).toEqual([]);
      expect(problemsOf({ hydraSource, openToInternet: ['webSource'] })).toHaveLength(2);
    },
  );

  it.each(['10.0.0.0/8', '10.0.0.5/32', '203.0.113.0/24', 'sg-0a1b2c3d4e5f60718'])(
    '%s is somebody',
    (hydraSource) => {
      expect(problemsOf({ hydraSource })).toEqual([]);
      expect(examined({ hydraSource }).warnings).toEqual([]);
    },
  );

  it.each([
    ['10.0.0.5/24', '10.0.0.0/24, 256 addresses', '10.0.0.5/32'],
    ['172.31.255.255/12', '172.16.0.0/12', '172.31.255.255/32'],
    ['192.168.7.9/31', '192.168.7.8/31', '192.168.7.9/32'],
  ])('%s is warned of: it means all of %s', (hydraSource, all, one) => {
    expect(problemsOf({ hydraSource })).toEqual([]);
    const [warning] = examined({ hydraSource }).warnings;
    expect(warning?.says).toContain(all);
    expect(warning?.says).toContain(one);
  });

  it('of the web pages is looked at in the same way', () => {
    const base = exampleWithHydra();
    const withHost = (hydraHost: JsonObject, more: JsonObject = {}) =>
      examineDeployment(configFile({ ...base, deploy: { hydraHost, ...more } })).problems.map(
        ({ path }) => path,
      );
    expect(withHost({ webSource: '0.0.0.0/0' })).toEqual(['deploy.hydraHost.webSource']);
    expect(withHost({ webSource: '0.0.0.0/0' }, { openToInternet: ['webSource'] })).toEqual([]);
    expect(withHost({ webSource: '300.0.0.0/8' })).toEqual(['deploy.hydraHost.webSource']);
  });
});

describe('another partition', () => {
  it.each(['aws-cn', 'aws-us-gov', 'aws-iso'])(
    '%s is refused wherever a configuration names it',
    (partition) => {
      expect(
        problemsOf({
          templateRoles: [`arn:${partition}:iam::123456789012:role/r`],
          builder: {
            upload: {
              to: 's3://cache?region=cn-north-1',
              secret: `arn:${partition}:ssm:cn-north-1:123456789012:parameter/key`,
            },
          },
        }),
      ).toEqual([
        `deploy.templateRoles.0: is of the partition ${partition}; only the partition aws is supported`,
        `deploy.builder.upload.secret: is of the partition ${partition}; only the partition aws is supported`,
      ]);
    },
  );

  it('is known by its regions', () => {
    for (const region of [
      'cn-north-1',
      'us-gov-west-1',
      'us-iso-east-1',
      'us-isob-east-1',
      'eu-isoe-west-1',
      'eusc-de-east-1',
    ])
      expect(foreignRegion(region)).toContain(region);
    for (const region of [undefined, 'us-east-1', 'eu-south-2', 'ca-west-1', 'il-central-1'])
      expect(foreignRegion(region)).toBeUndefined();
  });
});
