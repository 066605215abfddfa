/**
 * What the Hydra host is told at its boots. NixOS images take a shell script or a Nix expression as user data. The
 * expression would be copied over /etc/nixos/configuration.nix and rebuilt from at every boot, so nobody could add
 * anything to it; and it is one file. So it is a script: it puts our files into a directory of their own, and rebuilds
 * only when they have changed.
 */
import { readFileSync } from 'node:fs';
import {
  asHereDocument,
  asPackedScript,
  refuseOversized,
  withoutComments,
  withoutOptionTexts,
} from '../user-data-text.ts';

/** What stand-alone.nix reads as settings.json. Values may be tokens, if they resolve to plain words. */
export interface HydraHostSettings {
  /** Bucket of the binary cache. */
  readonly bucket: string;
  readonly region: string;
  /** What links begin with. */
  readonly url: string;
  /** Whether the pages are served to others than the host itself. */
  readonly web: boolean;
  /** SSM parameter for the public key of the queue runner. */
  readonly keyParameter: string;
  /** SSM parameter for the hydra-builder that fits its queue runner; with it builders may register there. */
  readonly builderParameter?: string;
  /** ARN of the secret or parameter with the token of builders. */
  readonly queueRunnerToken?: string;
}

/** Our files on the host, where they refer to each other as they do here. */
const FILES = [
  'renamed.nix',
  'hydra-host/stand-alone.nix',
  'hydra-host/nixos-ec2.nix',
  'hydra-host/host.nix',
  'hydra-host/which.nix',
  'hydra-host/machines-files.nix',
  'hydra-host/upload.nix',
  'hydra-host/upload-outputs.sh',
  'hydra-host/registering.nix',
  'hydra-host/local-machine.sh',
  'hydra-host/secrets.sh',
  'hydra-host/put-parameter.sh',
  'hydra-host/publish-key.sh',
  'hydra-host/tokens.sh',
  'builders/aws-call.sh',
  'builders/secret.sh',
  'builders/hide-role.nix',
  'builders/hide-role.sh',
];
const SETTINGS_FILE = 'hydra-host/settings.json';

/** @throws RangeError when it is larger than EC2 takes. */
export function hydraHostUserData(settings: HydraHostSettings): string {
  const files = FILES.map((file) => [file, withoutOptionTexts(withoutComments(infraFile(file)))] as const);
  return refuseOversized(
    'the Hydra host',
    [
      '#!/bin/sh\numask 022\nroot=${HYDRA_AUTOSCALER_ROOT:-}\nbase=$root/etc/nixos/hydra-autoscaler\n',
      // Services are given few programs by NixOS; gzip is not one of them.
      'PATH=$PATH:/run/current-system/sw/bin\nmkdir -p "$base/hydra-host" "$base/builders"\n',
      asPackedScript(files.map(([name, text]) => asHereDocument(`$base/${name}`, text)).join('')),
      // What is known only when the stack is deployed cannot be packed.
      asHereDocument(`$base/${SETTINGS_FILE}`, `${JSON.stringify(settings)}\n`),
      withoutComments(infraFile('hydra-host/apply.sh')),
    ].join(''),
  );
}

const infraFile = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
