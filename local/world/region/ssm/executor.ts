/** What really runs the scripts of SSM commands: /bin/sh, or a simulated machine. */

export interface ScriptJob {
  readonly commandId: string;
  readonly instanceId: string;
  readonly script: string;
  /** Longest run allowed; the executor kills the script after it. */
  readonly timeoutSeconds: number;
  readonly workingDirectory?: string | undefined;
  /** What the agent adds to the script's environment. */
  readonly environment: Readonly<Record<string, string>>;
}

interface ScriptOutput {
  readonly stdout: string;
  readonly stderr: string;
}

export type ScriptOutcome =
  | ({ readonly kind: 'exited'; readonly exitCode: number } & ScriptOutput)
  | ({ readonly kind: 'timed-out' | 'killed' } & ScriptOutput);

/** Ends the script; its outcome is then `killed`. After its end it does nothing. */
export type Kill = () => void;

export interface Executor {
  /** Starts the script and calls `finish` once, at once or later. Never throws. */
  run(job: ScriptJob, finish: (outcome: ScriptOutcome) => void): Kill;
}
