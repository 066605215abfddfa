/** What the doctor says: one sentence per check, in plain words, with a remedy where something is wrong. */
import type { Config } from '../config/config.ts';
import type { Market, Observation, Problem } from '../model/index.ts';
import type { Plan } from '../plan/plan.ts';
import type { Result } from '../reason/result.ts';

/** `bad` keeps the farm from working, `doubtful` costs money or will hurt later. */
export type Health = 'good' | 'doubtful' | 'bad';

export interface Finding extends Problem {
  /** What was looked at, in a few words. */
  readonly check: string;
  readonly health: Health;
}

/** A machine image, as AWS shows it. */
export interface FoundImage {
  readonly id: string;
  /** In AWS's words, such as `x86_64` and `arm64`; absent where AWS does not say. */
  readonly architecture?: string;
  /** What AWS bills it as, such as `Linux/UNIX` and `Windows`; absent where AWS does not say. */
  readonly platform?: string;
  /** It carries a product code of the AWS Marketplace, whose seller may bill for it too. */
  readonly isFromMarketplace: boolean;
}

/** An instance type, as AWS shows it. */
export interface FoundInstanceType {
  readonly name: string;
  readonly vcpus: number;
  /** In AWS's words, such as `x86_64` and `arm64`. */
  readonly architectures: readonly string[];
  /** The availability zones that offer it; told where EC2 chooses among several. */
  readonly zones?: readonly string[];
}

/** A subnet, as AWS shows it. */
export interface FoundSubnet {
  readonly subnet: string;
  readonly freeAddresses: number;
  readonly zone?: string;
}

/** How many vCPUs of standard instance families may run at once in one market. */
export interface VcpuQuota {
  /** Its code in Service Quotas. */
  readonly code: string;
  readonly vcpus: number;
}

/** A call that AWS was asked to judge and not to carry out (`DryRun`). */
export type Trial = { readonly call: string } & (
  | { readonly outcome: 'allowed' }
  | (Problem & {
      /** `denied`: a policy forbids it. `refused`: something is wrong with it, whatever policies allow. */
      readonly outcome: 'denied' | 'refused';
      readonly code: string;
    })
  /** It could not be asked. */
  | (Problem & { readonly outcome: 'unknown' })
);

/** What the launches of one machine type need, as AWS shows it. */
export interface Prerequisites {
  /** The image a launch would take now. */
  readonly image: Result<FoundImage>;
  /** Those of the type that AWS has in this region: of its list, or that meet its requirements. */
  readonly instanceTypes: Result<readonly FoundInstanceType[]>;
  /** The id of the launch template. */
  readonly launchTemplate: Result<string>;
  /** Of the type's own subnets; empty where it names none. */
  readonly subnets: Result<readonly FoundSubnet[]>;
  /** A launch that was only tried, call by call; missing where there is no image to try it with. */
  readonly trials: Result<readonly Trial[]>;
}

/** Everything the doctor looks at, but for the Hydra host itself. */
export interface Examined {
  readonly config: Config;
  readonly observation: Observation;
  readonly plan: Plan;
  /** By machine type. */
  readonly prerequisites: ReadonlyMap<string, Prerequisites>;
  /** What went wrong in the last tick; absent where no journal is kept. */
  readonly lastProblems?: readonly Problem[];
  /** The account's, of the markets the configuration uses. */
  readonly vcpuQuotas: ReadonlyMap<Market, Result<VcpuQuota>>;
}

/** What an inspection of the Hydra host comes to beside all else. */
export type Exam = (examined: Examined) => readonly Finding[];

/** What is said of one thing that was looked at. */
export type Said = Omit<Finding, 'check'>;

export const good = (says: string): Said => ({ health: 'good', says });
export const doubtful = (says: string, remedy: string): Said => ({ health: 'doubtful', says, remedy });
export const bad = (says: string, remedy: string): Said => ({ health: 'bad', says, remedy });

/** The findings of a check: all that is said, as far as anything is. */
export const about = (check: string, ...said: readonly (Said | undefined)[]): readonly Finding[] =>
  said.flatMap((one) => (one === undefined ? [] : { check, ...one }));

/** Said of a problem. @param otherwise what to do about one without a remedy of its own. */
export const badBy = ({ says, remedy }: Problem, otherwise: string): Said => bad(says, remedy ?? otherwise);
export const doubtfulBy = ({ says, remedy }: Problem, otherwise: string): Said =>
  doubtful(says, remedy ?? otherwise);
