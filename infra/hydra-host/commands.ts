/** What people want to do with the stack's own Hydra host. All of it goes through SSM: no port has to be open. */
import { Stack } from 'aws-cdk-lib';
import type { CfnInstance } from 'aws-cdk-lib/aws-ec2';

export interface HostCommand {
  /** Name of the stack's output. */
  readonly name: string;
  readonly description: string;
  /** For a shell with the aws program and its session manager plugin. */
  readonly command: string;
}

/** Sessions find no programs by themselves on NixOS. */
const asRoot = (program: string): string => `/run/wrappers/bin/sudo /run/current-system/sw/bin/${program}`;

export function hostCommands(instance: CfnInstance): HostCommand[] {
  const session = (document: string, parameters: Readonly<Record<string, string>>): string => {
    const lists = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]]));
    return (
      `aws ssm start-session --region ${Stack.of(instance).region} --target ${instance.ref} ` +
      `--document-name ${document} --parameters '${JSON.stringify(lists)}'`
    );
  };
  const read = (file: string): string =>
    session('AWS-StartNonInteractiveCommand', { command: asRoot(`cat /var/lib/hydra-host/${file}`) });
  return [
    {
      name: 'HydraSetup',
      description: 'Follows how the Hydra host is set up, until it says: ready',
      command: session('AWS-StartInteractiveCommand', {
        command: asRoot('journalctl -f -n 50 -u amazon-init'),
      }),
    },
    {
      name: 'HydraWeb',
      description: 'Brings the web pages to http://localhost:3000',
      command: session('AWS-StartPortForwardingSession', { portNumber: '3000', localPortNumber: '3000' }),
    },
    {
      name: 'HydraPassword',
      description: 'Shows the password of Hydra’s user admin',
      command: read('admin-password'),
    },
    {
      name: 'HydraCacheKey',
      description: 'Shows the public key the binary cache is signed with',
      command: read('signing-key.pub'),
    },
  ];
}
