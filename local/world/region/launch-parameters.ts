/** What a launch asks for, before and after its launch template is merged in. */
import type { Market } from '../../../lambdas/core/model/index.ts';

export type Tags = Readonly<Record<string, string>>;

/** Instance metadata service options, as DescribeInstances shows them again. */
export interface MetadataOptions {
  readonly HttpTokens?: string | undefined;
  readonly HttpPutResponseHopLimit?: number | undefined;
  readonly HttpEndpoint?: string | undefined;
  readonly HttpProtocolIpv6?: string | undefined;
  readonly InstanceMetadataTags?: string | undefined;
}

/** Every member may be absent: a template says one part, the request another. */
export interface LaunchParameters {
  readonly imageId?: string | undefined;
  readonly instanceType?: string | undefined;
  readonly subnetId?: string | undefined;
  readonly zone?: string | undefined;
  readonly securityGroupIds?: readonly string[] | undefined;
  readonly market?: Market | undefined;
  /** Dollars an hour. */
  readonly spotPriceMax?: number | undefined;
  readonly shutdownBehavior?: 'stop' | 'terminate' | undefined;
  readonly terminationProtected?: boolean | undefined;
  readonly metadataOptions?: MetadataOptions | undefined;
  readonly userData?: string | undefined;
  readonly keyName?: string | undefined;
  /** By resource type: `instance`, `volume`, `spot-instances-request`, `network-interface`. */
  readonly tags?: Readonly<Record<string, Tags>> | undefined;
  /** Parameters that are kept and shown again but change nothing here, such as `BlockDeviceMappings`. */
  readonly inert?: Readonly<Record<string, unknown>> | undefined;
}

const withoutUndefined = (parameters: LaunchParameters): LaunchParameters =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));

/** The tags of both, by resource type and key; the request's win. */
function mergeTags(
  template: LaunchParameters['tags'],
  request: LaunchParameters['tags'],
): Readonly<Record<string, Tags>> {
  const merged: Record<string, Tags> = { ...template };
  for (const [resource, tags] of Object.entries(request ?? {})) {
    merged[resource] = { ...merged[resource], ...tags };
  }
  return merged;
}

/** What is launched when a request names a template: the request's own parameters win, member by member. */
export function mergeLaunchParameters(
  template: LaunchParameters,
  request: LaunchParameters,
): LaunchParameters {
  const movesElsewhere = request.zone !== undefined && request.subnetId === undefined;
  return {
    ...template,
    ...(movesElsewhere ? { subnetId: undefined } : {}),
    ...withoutUndefined(request),
    metadataOptions: { ...template.metadataOptions, ...request.metadataOptions },
    tags: mergeTags(template.tags, request.tags),
    inert: { ...template.inert, ...request.inert },
  };
}
