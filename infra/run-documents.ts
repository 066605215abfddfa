import { Stack } from 'aws-cdk-lib';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { MACHINE_DOCUMENTS, type DocumentKey, type DocumentNames } from '../lambdas/hydra/documents.ts';
import type { DocumentedFarm } from './documents/constants.ts';
import { DOCUMENT_BASE_NAMES, documentContent } from './documents/documents.ts';

export interface RunDocumentsProps {
  /** Whose Hydra host they run on; status command, user, environment and paths are written into the scripts. */
  readonly farm: DocumentedFarm;
  /**
   * What the documents' names begin with. SSM reserves names that begin with aws, amazon or amzn.
   * @default - the name of the stack
   */
  readonly namePrefix?: string;
}

const FOR_MACHINES: ReadonlySet<DocumentKey> = new Set(MACHINE_DOCUMENTS);

/** Our SSM documents: the only programs the function can run on the Hydra host and on the machines. */
export class RunDocuments extends Construct {
  /** The documents by their work; the names reach the function by its environment. */
  readonly documents: Readonly<Record<DocumentKey, CfnDocument>>;
  readonly names: DocumentNames;

  constructor(scope: Construct, id: string, props: RunDocumentsProps) {
    super(scope, id);
    const prefix = props.namePrefix ?? Stack.of(this).stackName;
    const nameOf = (key: DocumentKey): string => `${prefix}-${DOCUMENT_BASE_NAMES[key]}`;
    const make = (key: DocumentKey): CfnDocument =>
      new CfnDocument(this, key, {
        name: nameOf(key),
        documentType: 'Command',
        documentFormat: 'JSON',
        content: documentContent(key, props.farm),
        // A Hydra host may be a hybrid node (mi-…); machines are always EC2.
        targetType: FOR_MACHINES.has(key) ? '/AWS::EC2::Instance' : '/',
        // The default, Replace, cannot replace a document that keeps its name.
        updateMethod: 'NewVersion',
      });
    this.documents = {
      observe: make('observe'),
      fetch: make('fetch'),
      publish: make('publish'),
      watch: make('watch'),
      inspect: make('inspect'),
      askMachine: make('askMachine'),
      gate: make('gate'),
      askBuilder: make('askBuilder'),
    };
    this.names = {
      observe: this.documents.observe.ref,
      fetch: this.documents.fetch.ref,
      publish: this.documents.publish.ref,
      watch: this.documents.watch.ref,
      inspect: this.documents.inspect.ref,
      askMachine: this.documents.askMachine.ref,
      gate: this.documents.gate.ref,
      askBuilder: this.documents.askBuilder.ref,
    };
  }
}
