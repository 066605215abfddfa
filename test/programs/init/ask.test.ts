/** The questions of `npm run init`, and a person who answers them. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AccountFacts } from '../../../local/programs/init/account-facts.ts';
import type { Answers } from '../../../local/programs/init/answers.ts';
import { converse, NoAnswerError } from '../../../local/programs/init/ask.ts';
import { settle } from '../../../local/programs/init/settle.ts';
import { needs } from '../../needs.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG1pbmUgYW5kIG5vYm9keSBlbHNlJ3MgYnV0IG1p';
const hosts = ['i-0a1a1a1a', 'i-0b2b2b2b'].map((instanceId) => ({
  ...{ instanceId, name: 'hydra', address: '10.0.0.5', platform: 'NixOS' },
}));

/** What came of a conversation in which a person types these lines and then goes away, and what was shown. */
async function conversation(lines: readonly string[], facts: AccountFacts = {}, said: Answers = {}) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const shown: string[] = [];
  output.on('data', (chunk: Buffer) => shown.push(chunk.toString()));
  const { ask, end } = converse({ input, output, isTerminal: false, columns: 100 });
  input.end(lines.map((line) => `${line}\n`).join(''));
  try {
    const { answers, decided } = await settle(said, { facts: () => Promise.resolve(facts), ask });
    expect(decided.missing).toEqual([]);
    return { answers, shown: shown.join('') };
  } finally {
    end();
  }
}

describe('the questions', () => {
  it('are asked until all is known, and no more: a new Hydra takes one', async () => {
    const { answers, shown } = await conversation(['new']);
    expect(answers).toEqual({ hydra: 'new' });
    expect(shown.match(/^> /gm)).toHaveLength(1);
  });

  it('are asked again where the answer is none, with the reason', async () => {
    const lines = ['debian', '', 'nope', 'mi-0a1b2c3d4e5f60718', '10.0.0.5/32', KEY];
    const { answers, shown } = await conversation(lines);
    expect(answers).toEqual({ hydra: 'debian', host: lines[3], hydraSource: lines[4], queueRunnerKey: KEY });
    expect(shown).toMatch(/something has to be said.*must be i-… or mi-…/s);
  });

  it('are answered by the number of what the account has', async () => {
    const { answers, shown } = await conversation(['2', 'sg-0a1b2c3d', KEY], { candidates: hosts });
    expect(shown).toContain('  2) i-0b2b2b2b (hydra, 10.0.0.5, NixOS)');
    expect(answers.host).toBe('i-0b2b2b2b');
    expect((await conversation(['new'], { candidates: hosts })).answers).toEqual({ hydra: 'new' });
  });

  it('take several numbers where several are asked for', async () => {
    const subnets = ['a', 'b'].map((zone, index) => ({
      ...{ subnet: `subnet-0a1b2c3${index}`, vpc: 'vpc-0a1b2c3d', zone, freeAddresses: 9, isPublic: false },
    }));
    const { answers } = await conversation(['1, 2'], { subnets }, { hydra: 'new', vpc: 'vpc-0a1b2c3d' });
    expect(answers.subnets).toEqual(['subnet-0a1b2c30', 'subnet-0a1b2c31']);
  });

  it('end without an answer where the person goes away', async () => {
    await expect(conversation(['nixos'])).rejects.toThrow(NoAnswerError);
  });
});

describe('npm run init at a terminal', () => {
  it('asks there, and writes the file once it knows', async (context) => {
    needs(context, 'script');
    const directory = mkdtempSync(path.join(tmpdir(), 'init-terminal-'));
    onTestFinished(() => {
      rmSync(directory, { recursive: true, force: true });
    });
    const program = path.join(import.meta.dirname, '../../../local/programs/init.ts');
    const command = `"${process.execPath}" "${program}" --offline`;
    // The stream that people type into stays open, as theirs does.
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: directory });
    let shown = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const before = shown;
      shown += chunk.toString();
      if (!before.includes('> ') && shown.includes('> ')) child.stdin.write('new\n');
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, shown }).toMatchObject({
      code: 0,
      shown: expect.stringContaining('wrote autoscaler.json') as string,
    });
    expect(readFileSync(path.join(directory, 'autoscaler.json'), 'utf8')).toContain('"deploy.hydraHost"');
  });
});
