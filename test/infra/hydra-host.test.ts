import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostSchema, normaliseHost } from '../../lambdas/core/config/host.ts';
import { needs } from '../needs.ts';

const INFRA = join(import.meta.dirname, '../../infra');
const snippets = readdirSync(INFRA, { recursive: true, encoding: 'utf8' });

const PAGES = ['../docs/new-hydra.md', '../docs/builders.md', '../docs/hydra-host.md', '../docs/nixos.md'];

const parse = (nix: string): void => {
  execFileSync('nix-instantiate', ['--parse', '-'], { input: nix, stdio: ['pipe', 'ignore', 'pipe'] });
};

/** What people copy: blocks marked as Nix in a document, and blocks of a comment that start with a brace. */
function examplesIn(text: string): string[] {
  const blocks = [...text.matchAll(/^```nix\n(.*?)^```$/gms)].map(([, block = '']) => block);
  const comments = [...text.matchAll(/(^# {3}.*\n)+/gm)].map(([block]) => block.replace(/^# {3}/gm, ''));
  return [...blocks, ...comments.filter((comment) => comment.startsWith('{'))];
}

describe('Nix we ship', () => {
  const modules = snippets.filter((file) => file.endsWith('.nix'));
  const read = (file: string): string => readFileSync(join(INFRA, file), 'utf8');

  it.for(modules)('%s parses', (file, context) => {
    needs(context, 'nix-instantiate');
    parse(read(file));
  });

  it.for([...PAGES, ...modules])('parses where %s gives it as an example', (file, context) => {
    needs(context, 'nix-instantiate');
    for (const example of examplesIn(read(file))) parse(example);
  });

  it('has an example of how to bake an image, and a broken one would be found', (context) => {
    needs(context, 'nix-instantiate');
    const [example = ''] = examplesIn(read('builders/builder.nix'));
    expect(example).toContain('services.hydra-autoscaler.builder');
    for (const text of ['x\n```nix\n{ a = 1 }\n```\n', '# x\n#\n#   { a = {\n#       b = 1 }; }\n{ }\n']) {
      expect(examplesIn(text)).toHaveLength(1);
      expect(() => parse(examplesIn(text).join(''))).toThrow(/syntax error/);
    }
  });

  it('imports only files that are there', () => {
    for (const file of modules) {
      const text = read(file).replace(/^\s*#.*$/gm, '');
      for (const [path = ''] of text.matchAll(/\.\.?\/[A-Za-z0-9/.-]+\.(nix|sh)/g))
        expect(snippets).toContain(join(file, '..', path));
    }
  });
});

describe('what the comments tell people to paste', () => {
  const comments = (file: string): string =>
    readFileSync(join(INFRA, 'hydra-host', file), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('# ') || line === '#')
      .map((line) => line.slice(2))
      .join('\n');

  it.each(['docker-compose.yaml', 'debian.sh'])('of %s is a `host` the configuration takes', (file) => {
    const [written = ''] = /"host": \{.*?^ {2}\}/ms.exec(comments(file)) ?? [];
    const { host } = JSON.parse(`{${written.replace('i-…', 'i-0a1b2c3d4e5f60718')}}`) as { host: unknown };
    const { statusCommand, environment } = normaliseHost(hostSchema.parse(host));
    expect(statusCommand.slice(-1)).toEqual(['--status']);
    // The queue runner refuses to run without it; outside containers our script sets it.
    if (file === 'docker-compose.yaml') expect(statusCommand.join(' ')).toContain('exec -e LOGNAME=');
    else expect(environment).toHaveProperty('HYDRA_DBI');
  });

  it.each(['hybrid.nix', 'debian.sh'])('of %s registers a host outside EC2, from nothing', (file) => {
    const text = comments(file);
    const [, trust = ''] = /create-role --role-name hydra-host-ssm .*'(\{.*\})'/s.exec(text) ?? [];
    expect(JSON.parse(trust)).toMatchObject({
      Statement: [{ Principal: { Service: 'ssm.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
    expect(text).toMatch(/attach-role-policy --role-name hydra-host-ssm .*\/AmazonSSMManagedInstanceCore$/m);
    expect(text).toMatch(/create-activation --region \S+ --iam-role hydra-host-ssm /);
    expect(text).toMatch(/-register -y -code|code=CODE/);
  });
});

describe('every script of the Hydra host', () => {
  const scripts = snippets.filter((file) => /^hydra-host\/.*\.sh$/.test(file));
  it.for(scripts)('%s passes shellcheck', (file, context) => {
    needs(context, 'shellcheck');
    execFileSync('shellcheck', [join(INFRA, file)]);
  });
});
