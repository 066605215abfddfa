import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configFile, example } from './synth.ts';

const APP = join(import.meta.dirname, '../../infra/app.ts');

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'hydra-autoscaler-app-'));
});
afterEach(() => {
  rmSync(outdir, { recursive: true, force: true });
});

/** Runs the app as the CDK CLI does, without an account, a region or credentials. */
function runApp(context: Record<string, unknown>, environment: Record<string, string> = {}) {
  return spawnSync(process.execPath, [APP], {
    encoding: 'utf8',
    cwd: outdir,
    env: {
      PATH: process.env['PATH'] ?? '',
      CDK_OUTDIR: join(outdir, 'cdk.out'),
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] }),
      ...environment,
    },
  });
}

const stacks = (): string[] => {
  const manifest = JSON.parse(readFileSync(join(outdir, 'cdk.out/manifest.json'), 'utf8')) as {
    artifacts: Record<string, { type: string; environment?: string }>;
    missing?: unknown;
  };
  expect(manifest.missing).toBeUndefined();
  return Object.entries(manifest.artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([name, { environment }]) => `${name} in ${environment ?? ''}`);
};

describe('the CDK app', () => {
  it('takes the example where there is no configuration, says so, and asks AWS nothing', () => {
    const { status, stderr } = runApp({});
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /There is no autoscaler\.json.*\n?.*cp .*examples\/nixos-host\/autoscaler\.json autoscaler\.json/,
    );
    expect(stacks()).toEqual(['hydra-autoscaler in aws://unknown-account/unknown-region']);
  });

  it('takes file and stack name from the command line', () => {
    const config = configFile({ ...example(), tag: 'second-farm' });
    expect(runApp({ config, stack: 'second' }).status).toBe(0);
    expect(stacks()).toEqual(['second in aws://unknown-account/unknown-region']);
  });

  it('prints every problem with its remedy, makes no template and fails', () => {
    const config = configFile({
      host: { instanceId: 'hydra' },
      systemTypes: { 'x86_64-linux': { maxMachine: 3 } },
    });
    const { status, stderr } = runApp({}, { CONFIG: config });
    expect(status).toBe(1);
    expect(stderr).toContain(config);
    expect(stderr).toMatch(/host\.instanceId: must be i-… \(EC2\) or mi-…/);
    expect(stderr).toMatch(/systemTypes\.x86_64-linux\.maxMachine: .*maxMachines/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(() => stacks()).toThrow(/ENOENT/);
  });

  it('refuses a region of another partition, for which nothing here was made', () => {
    const config = configFile(example());
    const { status, stderr } = runApp({ config }, { CDK_DEFAULT_REGION: 'cn-north-1' });
    expect(status).toBe(1);
    expect(stderr).toContain('the region cn-north-1 is of another partition than aws');
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
