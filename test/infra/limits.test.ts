/** What AWS's limits leave room for: the figures hold for the files and templates that are really made. */
import { generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { examineDeployment } from '../../infra/read-deployment.ts';
import { MACHINES_MAX, oversized } from '../../infra/limits.ts';
import { renderMachinesFile } from '../../lambdas/hydra/cpp/machines-file.ts';
import { DOCUMENTS } from '../../lambdas/hydra/documents.ts';
import { configFile, example, makeStack } from './synth.ts';

/** A public key of a machine's own, with the longest name EC2 gives machines behind it. */
function hostKey(address: string): string {
  const { publicKey } = generateKeyPairSync('ed25519');
  const key = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const header = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIA', 'base64').subarray(0, 19);
  const line = Buffer.concat([header, key]).toString('base64');
  return `ssh-ed25519 ${line} root@ip-${address.replaceAll('.', '-')}.eu-central-1.compute.internal`;
}

describe('the machines file', () => {
  it('fits one parameter with as many machines as are let through', () => {
    const listings = Array.from({ length: MACHINES_MAX }, (_, index) => {
      // Spread over a private network of class A, as subnets of three zones are.
      const number = index * 23_977;
      const address = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
      return {
        address,
        systems: ['x86_64-linux'],
        sshKey: '/var/lib/hydra/queue-runner/.ssh/id_ed25519',
        maxJobs: 1 + (index % 7),
        speedFactor: 1 + (index % 3) / 2,
        supportedFeatures: ['big-parallel', 'benchmark', `feature-${index % 40}`],
        mandatoryFeatures: index % 2 === 0 ? [] : ['kvm'],
        hostKey: hostKey(address),
      };
    });
    const content = gzipSync(renderMachinesFile('a-farm', listings), { level: 9 }).toString('base64');
    expect(content.length).toBeLessThanOrEqual(DOCUMENTS.publish.parameters.content.maxChars);
  });

  it('is not promised to hold more', () => {
    const problemsOf = (maxTotalMachines: number) =>
      examineDeployment(configFile({ ...example(), maxTotalMachines })).problems;
    expect(problemsOf(MACHINES_MAX)).toEqual([]);
    expect(problemsOf(5000)).toMatchObject([
      {
        path: 'maxTotalMachines',
        says: expect.stringMatching(/is 5000.*holds 700.*split the farm/) as string,
      },
    ]);
  });
});

describe('the template', () => {
  it('is told how many machine types would fit, where it is too large', () => {
    expect(oversized('x'.repeat(1_000_000), 40)).toBeUndefined();
    expect(oversized('é'.repeat(625_000), 40)).toMatch(/has 1250000 bytes.*about 32 of the 40 machine types/);
  });

  it('holds as many machine types as a farm may have, with what the example says of them', () => {
    const types = Array.from({ length: 40 }, (_, index) => [
      `x86_64-linux:feature-${index}`,
      { billing: 'per-second' },
    ]);
    const stack = makeStack({ config: { ...example(), systemTypes: Object.fromEntries(types) as object } });
    const template = JSON.stringify(Template.fromStack(stack).toJSON());
    expect(stack.autoscaler.templates).toHaveLength(40);
    expect(oversized(template, 40)).toBeUndefined();
  });
});
