/** The SSM part of the region: nodes, documents and commands. */
import type { Events } from '../events.ts';
import type { Ids } from '../ids.ts';
import { Commands } from './commands.ts';
import { Documents } from './documents.ts';
import type { Executor } from './executor.ts';
import { Nodes, type NodeParts, type SeedNode } from './nodes.ts';

export interface SsmParts extends NodeParts {
  readonly ids: Ids;
  readonly events: Events;
  readonly executor: Executor;
  /** Nodes that have been there since before. */
  readonly seeds: readonly SeedNode[];
}

export class Ssm {
  readonly nodes: Nodes;
  readonly documents: Documents;
  readonly commands: Commands;

  constructor(parts: SsmParts) {
    const { settings, timeline, seeds } = parts;
    this.nodes = new Nodes(parts, seeds);
    this.documents = new Documents(settings.accountId, timeline.now);
    this.commands = new Commands({ ...parts, nodes: this.nodes, documents: this.documents });
  }
}
