/** The part of dynalite that is used; the package brings no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface Options {
    /** Milliseconds a new table stays in state CREATING. Default 500. */
    readonly createTableMs?: number;
    /** Folder to keep the data in. Default: memory. */
    readonly path?: string;
  }

  /** An HTTP server that is not listening yet. Closing it closes its database too. */
  export default function dynalite(options?: Options): Server;
}
