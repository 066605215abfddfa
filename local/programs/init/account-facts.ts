/** What the account says, as far as it was asked and answered: what is absent is not known. */

/** A managed instance that may be the Hydra host: online, Linux, and no builder of a farm. */
export interface Candidate {
  /** `i-…` or `mi-…`. */
  readonly instanceId: string;
  readonly name: string;
  /** Private, as SSM shows it. */
  readonly address: string;
  /** Such as `NixOS`. */
  readonly platform: string;
}

/** Where the Hydra host is. */
export interface Place {
  readonly vpc: string;
  readonly subnet: string;
  readonly groups: readonly string[];
  readonly address: string;
  readonly hasPublicAddress: boolean;
}

/** What a look at the Hydra host found. */
export interface HostLook {
  /** Absent where no queue runner was found. */
  readonly runner?: 'cpp' | 'rust';
  /** The user it runs as. */
  readonly user?: string;
  readonly isInContainer: boolean;
  /** Path of the private key it uses. */
  readonly sshKey?: string;
  /** Public half of that, one line without a comment. */
  readonly publicKey?: string;
  /** What it builds for, such as `x86_64-linux`. */
  readonly system?: string;
}

export interface FoundSubnet {
  readonly subnet: string;
  readonly vpc: string;
  readonly zone: string;
  readonly freeAddresses: number;
  /** Whether machines get a public address there by themselves, or it is one of the default VPC's. */
  readonly isPublic: boolean;
}

export interface AccountFacts {
  readonly candidates?: readonly Candidate[];
  /** Of the host that was chosen. */
  readonly place?: Place;
  readonly look?: HostLook;
  /** Id, or `none` where the account has no default VPC in this region. */
  readonly defaultVpc?: string;
  /** Of the network the builders will be in. */
  readonly subnets?: readonly FoundSubnet[];
  /** The zones that have an instance type; of those that were asked for. */
  readonly zones?: ReadonlyMap<string, readonly string[]>;
  /** The quota of vCPUs on demand. */
  readonly vcpus?: number;
}

/** Of an account that is not asked. */
export const NOTHING_KNOWN: AccountFacts = {};
