/** A template and what has to lie beside it, as files. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishedStack } from './published-stack.ts';

const CDK_JSON = fileURLToPath(new URL('../../../cdk.json', import.meta.url));

/**
 * @param farm path of the configuration.
 * @param directory is made if it is not there; files of the same names are replaced.
 * @returns path of the template.
 * @throws ConfigError when the configuration cannot be deployed; Error when something cannot be written.
 */
export function writeTemplate(farm: string, directory: string): string {
  const { context } = JSON.parse(readFileSync(CDK_JSON, 'utf8')) as { context: Record<string, unknown> };
  const { app, stack, assets } = publishedStack(farm, {
    ...context,
    // The rules warn of code that only `package` can upload, which is what it is for.
    '@aws-cdk/core:validateAgainstDefaultRules': false,
  });
  const assembly = app.synth();
  mkdirSync(directory, { recursive: true });
  for (const [name, staged] of assets)
    cpSync(path.join(assembly.directory, staged), path.join(directory, name), { recursive: true });
  const file = path.join(directory, 'template.json');
  writeFileSync(file, `${JSON.stringify(assembly.getStackArtifact(stack.artifactId).template, null, 2)}\n`);
  return file;
}
