/** Assets as `aws cloudformation package` wants them: paths beside the template, which it uploads and puts a bucket for. */
import { CfnResource, StackSynthesizer } from 'aws-cdk-lib';
import type {
  DockerImageAssetLocation,
  FileAssetLocation,
  FileAssetSource,
  ISynthesisSession,
  Stack,
} from 'aws-cdk-lib';

/** Stands for a bucket until `nameCodeByPath` has put a path in its place. */
const NO_BUCKET = 'local';

/** Needs no bootstrapped account: nothing is published while the template is made, and no role of the CDK's is used. */
export class LocalAssets extends StackSynthesizer {
  /** Directories that assets were staged to, by the key they are found under in the template. */
  readonly staged = new Map<string, string>();

  addFileAsset({ sourceHash, fileName }: FileAssetSource): FileAssetLocation {
    if (fileName === undefined) throw new Error('an asset of the stack is no file');
    this.staged.set(sourceHash, fileName);
    const address = `s3://${NO_BUCKET}/${sourceHash}`;
    return {
      bucketName: NO_BUCKET,
      objectKey: sourceHash,
      httpUrl: address,
      s3ObjectUrl: address,
    };
  }

  /** @throws Error always: the stack has no such asset. */
  addDockerImageAsset(): DockerImageAssetLocation {
    throw new Error('an image of Docker cannot lie beside a template');
  }

  synthesize(session: ISynthesisSession): void {
    this.synthesizeTemplate(session);
    this.emitArtifact(session);
  }
}

/** Has the functions of a stack name their code by a path beside the template. @param path of an asset's key. */
export function nameCodeByPath(stack: Stack, path: (key: string) => string): void {
  for (const child of stack.node.findAll()) {
    if (!CfnResource.isCfnResource(child) || child.cfnResourceType !== 'AWS::Lambda::Function') continue;
    const { code } = child as CfnResource & { readonly code: { readonly s3Key?: string } };
    if (code.s3Key !== undefined) child.addPropertyOverride('Code', path(code.s3Key));
  }
}
