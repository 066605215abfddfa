/** `npm run schema`: writes the JSON Schema of autoscaler.json, for editors. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import * as z from 'zod';
import { configSchema } from '../../lambdas/core/config/schema.ts';
import './closed-pipe.ts';

const DEFAULT_FILE = fileURLToPath(new URL('../../infra/schema/autoscaler.schema.json', import.meta.url));

new Command('npm run schema --')
  .description('Writes the JSON Schema of autoscaler.json, so that editors complete and check it.')
  .option('--output <file>', 'where to', DEFAULT_FILE)
  .option('--stdout', 'print it instead')
  .option('--check', 'write nothing; exit 1 if the file is not up to date')
  .action(({ output, stdout, check }: { output: string; stdout?: boolean; check?: boolean }) => {
    const text = `${JSON.stringify(schema(), null, 2)}\n`;
    if (stdout === true) {
      process.stdout.write(text);
    } else if (check === true) {
      if (readFileSync(output, 'utf8') === text) return;
      console.error(`${output} is not up to date: run npm run schema`);
      process.exitCode = 1;
    } else {
      mkdirSync(path.dirname(output), { recursive: true });
      writeFileSync(output, text);
      console.log(`wrote ${path.relative('.', output)}`);
    }
  })
  .parse();

function schema(): unknown {
  return {
    title: 'Configuration of hydra-autoscaler',
    ...z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' }),
  };
}
