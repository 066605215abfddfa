/** `npm run init` as people and scripts run it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliver, schemaFrom } from '../../../local/programs/init/deliver.ts';
import { readJsonText } from '../../../lambdas/config-file/json-text.ts';
import { exampleWithHydra } from '../../infra/synth.ts';
import { launch } from '../program.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'init-'));
  file = path.join(directory, 'autoscaler.json');
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Without credentials, and in a place of its own. */
const init = (...args: readonly string[]) => launch('init', args, { cwd: directory, env: {} }).ended;

describe('npm run init --offline', () => {
  it('needs one answer for a farm with a Hydra of its own, and says what comes next', async () => {
    const { code, stdout, stderr } = await init('--offline', '--hydra', 'new');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /wrote autoscaler\.json.*npm run check -- autoscaler\.json.*npx cdk deploy .*doctor/s,
    );
    const text = readFileSync(file, 'utf8');
    const { $schema, ...config } = readJsonText(text).reading.value as { $schema: string; deploy: object };
    expect(existsSync(path.resolve(directory, $schema))).toBe(true);
    expect(config).toMatchObject({ host: { instanceId: 'deploy.hydraHost' }, deploy: { hydraHost: {} } });
  });

  it('tells all that is missing at once, by flag, and writes nothing', async () => {
    const { code, stdout, stderr } = await init('--offline', '--hydra', 'debian');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^3 answers missing.*--host <id>.*--hydra-source <source>.*--queue-runner-key <line>/s,
    );
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('a file', () => {
  const text = JSON.stringify(exampleWithHydra());

  it('that is there is replaced only by force', () => {
    writeFileSync(file, 'mine');
    expect(() => deliver({ file, text, replace: false })).toThrow('is there already');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(deliver({ file, text, replace: true }).found).toBeDefined();
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(directory)).toEqual(['autoscaler.json']);
  });

  it('that could not be deployed is not written', () => {
    const checked = deliver({
      file,
      text: text.replace('"deploy.hydraHost"', '"i-0a1b2c3d"'),
      replace: true,
    });
    expect(checked.problems.map(({ path: at }) => at)).toContain('host.instanceId');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('where nothing can be written is told in a line, with a remedy', () => {
    const nowhere = path.join(directory, 'none', 'a.json');
    expect(() => deliver({ file: nowhere, text, replace: false })).toThrow(/cannot be written .*--output/);
  });

  it('says where its schema is, from wherever it lies', () => {
    expect(schemaFrom('autoscaler.json')).toBe('./infra/schema/autoscaler.schema.json');
    expect(schemaFrom('farms/arm.json')).toBe('../infra/schema/autoscaler.schema.json');
  });
});
