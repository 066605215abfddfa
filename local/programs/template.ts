/** `npm run template`: the farm with a Hydra of its own as one template with its assets, for whoever has no CDK. */
import { Command } from 'commander';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeTemplate } from './template/write.ts';
import { refusingArguments } from './start/refusal.ts';
import './closed-pipe.ts';

const NO_HYDRA_YET = fileURLToPath(new URL('../../examples/no-hydra-yet/autoscaler.json', import.meta.url));

refusingArguments(new Command('npm run template --'))
  .description(
    'Writes template.json and the functions beside it into a directory. Then, with the AWS CLI alone:\n' +
      'aws cloudformation package --template-file template.json --s3-bucket BUCKET --use-json --output-template-file packed.json\n' +
      'aws cloudformation deploy --template-file packed.json --s3-bucket BUCKET --stack-name hydra-autoscaler \\\n' +
      '  --capabilities CAPABILITY_IAM --parameter-overrides Vpc=vpc-… Subnet=subnet-…',
  )
  .option('--output <directory>', 'where it goes; made if it is not there', 'template')
  .option('--config <file>', 'a farm with deploy.hydraHost', NO_HYDRA_YET)
  .action(({ output, config }: { readonly output: string; readonly config: string }) => {
    console.log(path.relative('.', writeTemplate(config, output)));
  })
  .parse();
