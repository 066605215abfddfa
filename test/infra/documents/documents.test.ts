import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { DocumentedFarm } from '../../../infra/documents/constants.ts';
import {
  DOCUMENT_KEYS,
  documentContent,
  documentScript,
  longestCommandBytes,
} from '../../../infra/documents/documents.ts';
import {
  DOCUMENTS,
  type DocumentContract,
  type DocumentKey,
  type DocumentParameter,
  MAX_COMMAND_BYTES,
  parameterProblems,
} from '../../../lambdas/hydra/documents.ts';
import { needs } from '../../needs.ts';

const parametersOf = (contract: DocumentContract): [string, DocumentParameter][] =>
  Object.entries(contract.parameters);

/** Everything a farm may say, and nothing of it may end a quote of the script. */
const FARM: DocumentedFarm = {
  tag: 'my-farm',
  launchAhead: true,
  host: {
    runner: 'auto',
    statusCommand: ["it's", '$(reboot)', '{{ probes }}'],
    user: 'hydra-queue-runner',
    environment: { HYDRA_DBI: "dbi:Pg:dbname='x'" },
    machinesFile: '/var/lib/hydra/provisioner/machines',
    restUrl: 'http://[::1]:8080',
  },
  machineTypes: [{ sshKey: '/k/a' }, { sshKey: '/k/b' }, { targetWaitSeconds: 600 }],
};

describe.each(DOCUMENT_KEYS)('the document %s', (key) => {
  const content = documentContent(key, FARM);
  const script = content.mainSteps[0].inputs.runCommand.join('\n');

  it('is one shell step with a time limit SSM believes', () => {
    expect(content.schemaVersion).toBe('2.2');
    expect(content.mainSteps).toHaveLength(1);
    const seconds = Number(content.mainSteps[0].inputs.timeoutSeconds);
    expect(seconds).toBe(DOCUMENTS[key].executionSeconds);
    expect(Number.isInteger(seconds) && seconds >= 5 && seconds <= 172_800).toBe(true);
  });

  it('uses exactly its parameters, each once, between single quotes', () => {
    const used = [...script.matchAll(/'\{\{ ([a-zA-Z0-9]+) \}\}'/g)].map((match) => match[1]);
    expect(used.toSorted()).toEqual(Object.keys(content.parameters).toSorted());
    expect(script.replaceAll(/'\{\{ [a-zA-Z0-9]+ \}\}'/g, '')).not.toContain('{{');
  });

  it('keeps the script but not its comments', () => {
    expect(script).not.toMatch(/^\s*#/m);
    expect(script.split('\n')).toEqual(
      documentScript(key, FARM)
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.trim().startsWith('#')),
    );
  });

  it.each(parametersOf(DOCUMENTS[key]))('lets nothing in %s that could end its quotes', (_, parameter) => {
    const allowed = new RegExp(parameter.allowedPattern);
    expect(parameter.allowedPattern).toMatch(/^\^.*\$$/);
    for (let code = 0; code < 256; code++) {
      const character = String.fromCharCode(code);
      if (/[A-Za-z0-9+/=]/.test(character)) continue;
      expect(allowed.test(character), `character ${code}`).toBe(false);
      expect(allowed.test(`QUJD${character}`), `character ${code}`).toBe(false);
    }
  });

  it.each(parametersOf(DOCUMENTS[key]))(
    'has a pattern for %s that Java and RE2 read alike',
    (_, parameter) => {
      expect(parameter.allowedPattern).not.toMatch(/\(\?|\\[^.+]|[*+}?][+?]/);
      const counts = [...parameter.allowedPattern.matchAll(/\{(\d+)(?:,(\d+))?\}/g)].flatMap(
        ([, from, to]) => [from, to],
      );
      // RE2 refuses to compile larger ones, and the agent would then refuse every command.
      expect(counts.every((count) => count === undefined || Number(count) <= 1000)).toBe(true);
    },
  );

  it('stays below 64 KB with the longest parameters', () => {
    const bytes = longestCommandBytes(key, FARM);
    expect(bytes).toBeLessThan(MAX_COMMAND_BYTES);
  });

  it('is plain ASCII, which every agent writes alike', () => {
    expect(JSON.stringify(content)).toMatch(/^[ -~]*$/);
  });

  it('passes shellcheck', (context) => {
    needs(context, 'shellcheck');
    const checked = spawnSync('shellcheck', ['-s', 'sh', '-'], {
      input: documentScript(key, FARM),
      encoding: 'utf8',
    });
    expect(checked.stdout).toBe('');
    expect(checked.status).toBe(0);
  });
});

describe('what a document is there for', () => {
  const written = (key: DocumentKey): string[] =>
    [...documentScript(key, FARM).matchAll(/^[a-z_]+64='([A-Za-z0-9+/=]*)'$/gm)].map(([, value = '']) =>
      Buffer.from(value, 'base64').toString('utf8'),
    );

  it('is written into it, and no parameter can change it', () => {
    const { runner, restUrl, statusCommand, user = '', environment, machinesFile } = FARM.host;
    const command = statusCommand.map((word) => `${word}\n`).join('');
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}\n`);
    expect(written('observe')).toEqual([
      ...[runner, restUrl, command, user, variables.join('')],
      ...[machinesFile, FARM.tag, 'yes'],
    ]);
    expect(written('watch')).toEqual([restUrl, command, user, variables.join(''), FARM.tag]);
    expect(written('publish')).toEqual([machinesFile, FARM.tag]);
    expect(written('inspect')).toEqual([runner, restUrl, machinesFile, '/k/a\n/k/b\n']);
    const parameters = DOCUMENT_KEYS.map((key) => [key, Object.keys(DOCUMENTS[key].parameters)]);
    expect(Object.fromEntries(parameters)).toEqual({
      observe: ['probes'],
      fetch: ['sha256', 'offset'],
      publish: ['content', 'sha256', 'republish', 'replaced'],
      watch: ['watched', 'runner', 'since', 'turn', 'seconds', 'delay'],
      inspect: [],
      askMachine: [],
      gate: ['gate'],
      askBuilder: [],
    });
  });
});

describe('parameters', () => {
  it('are all judged before they are sent', () => {
    expect(parameterProblems('publish', { sha256: 'A', republish: 'ja', content: 'QQ==' })).toEqual([
      'sha256: must match ^[0-9a-f]{64}$',
      'republish: must match ^(yes|no)$',
    ]);
    expect(parameterProblems('publish', { sha256: 'a'.repeat(65) })).toEqual([
      'sha256: 65 characters in base64 are more than the 64 that fit',
    ]);
  });
});
