/** What the SSM agent does with a document: checks the parameters, puts them in as text, runs the script, cuts the output. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentContent } from '../../infra/documents/documents.ts';

export interface ScriptResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a simulated host runs scripts: with which shell, and nothing but this environment. */
export interface ScriptHost {
  readonly shell?: string;
  readonly environment: Readonly<Record<string, string>>;
}

const MAX_STDOUT_BYTES = 24_000;
const MAX_STDERR_BYTES = 8_000;

/** The script with `parameters` in place, as text, like the agent does. @throws RangeError for what it would refuse. */
export function renderScript(
  document: DocumentContent,
  parameters: Readonly<Record<string, string>>,
): string {
  for (const name of Object.keys(parameters)) {
    if (!(name in document.parameters)) throw new RangeError(`no parameter ${name}`);
  }
  let script = document.mainSteps[0].inputs.runCommand.join('\n');
  for (const [name, { allowedPattern, maxChars, default: byDefault }] of Object.entries(
    document.parameters,
  )) {
    const value = parameters[name] ?? byDefault;
    if (value === undefined) throw new RangeError(`parameter ${name} is missing`);
    if (!new RegExp(allowedPattern).test(value) || value.length > maxChars) {
      throw new RangeError(
        `parameter ${name} does not match ${allowedPattern} or is longer than ${maxChars}`,
      );
    }
    script = script.replaceAll(new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`, 'g'), () => value);
  }
  return script;
}

/** Runs a script as the agent does: from a file, without a terminal, with both outputs cut. */
export async function runScript(script: string, host: ScriptHost): Promise<ScriptResult> {
  const directory = await mkdtemp(join(tmpdir(), 'ssm-agent-'));
  const file = join(directory, '_script.sh');
  await writeFile(file, script);
  try {
    return await finished(host.shell ?? '/bin/sh', file, host.environment);
  } finally {
    await rm(directory, { recursive: true });
  }
}

function finished(shell: string, file: string, env: Readonly<Record<string, string>>): Promise<ScriptResult> {
  const child = spawn(shell, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => stdout.push(data));
  child.stderr.on('data', (data: Buffer) => stderr.push(data));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({
        exitCode: code ?? 137,
        stdout: cut(Buffer.concat(stdout), MAX_STDOUT_BYTES),
        stderr: cut(Buffer.concat(stderr), MAX_STDERR_BYTES),
      });
    });
  });
}

function cut(output: Buffer, bytes: number): string {
  if (output.length < bytes) return output.toString('utf8');
  const notice = '\n--output truncated--';
  return output.subarray(0, bytes - notice.length).toString('utf8') + notice;
}
