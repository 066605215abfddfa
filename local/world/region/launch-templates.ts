/** Launch templates: names, numbered versions, and finding the one a request means. */
import type { EpochSeconds } from '../../../lambdas/core/model/index.ts';
import { RegionError, invalidValue, missingParameter } from './errors.ts';
import type { Ids } from './ids.ts';
import type { LaunchParameters, Tags } from './launch-parameters.ts';

export interface LaunchTemplateVersion {
  readonly number: number;
  readonly createdAt: EpochSeconds;
  readonly description?: string | undefined;
  readonly parameters: LaunchParameters;
}

export interface LaunchTemplate {
  readonly id: string;
  readonly name: string;
  readonly createdAt: EpochSeconds;
  readonly tags: Tags;
  readonly versions: readonly LaunchTemplateVersion[];
  readonly defaultVersion: number;
  /** The public host key line that what it boots brings along; absent where every machine makes its own. */
  readonly hostKey?: string | undefined;
}

/** What no version of a template changes. */
export interface TemplateDetails {
  readonly description?: string | undefined;
  readonly tags?: Tags | undefined;
  readonly hostKey?: string | undefined;
}

/** How a request names a template: by id or name, not both; `version` is a number, `$Latest` or `$Default`. */
export interface LaunchTemplateReference {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
}

/** A template as a launch found it. */
export interface ResolvedTemplate {
  readonly template: LaunchTemplate;
  readonly version: LaunchTemplateVersion;
}

const NAME = /^[A-Za-z0-9().\-/_]{3,128}$/;

export class LaunchTemplates {
  readonly #ids: Ids;
  readonly #byId = new Map<string, LaunchTemplate>();

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  get all(): readonly LaunchTemplate[] {
    return [...this.#byId.values()];
  }

  /** @throws RegionError for a name that is malformed or taken. */
  create(
    name: string,
    parameters: LaunchParameters,
    now: EpochSeconds,
    details: TemplateDetails = {},
  ): LaunchTemplate {
    if (!NAME.test(name))
      throw invalidValue('LaunchTemplateName', name, 'Use 3 to 128 letters, digits and ( ) . - / _');
    if (this.all.some((template) => template.name === name)) {
      throw new RegionError(
        'InvalidLaunchTemplateName.AlreadyExistsException',
        `Launch template name already in use: ${name}`,
      );
    }
    const template: LaunchTemplate = {
      id: this.#ids.resource('lt'),
      name,
      createdAt: now,
      tags: details.tags ?? {},
      hostKey: details.hostKey,
      versions: [{ number: 1, createdAt: now, description: details.description, parameters }],
      defaultVersion: 1,
    };
    this.#byId.set(template.id, template);
    return template;
  }

  /** Adds a version; the default stays what it was. */
  addVersion(
    reference: LaunchTemplateReference,
    parameters: LaunchParameters,
    now: EpochSeconds,
    description?: string,
  ): ResolvedTemplate {
    const template = this.require(reference);
    const version = { number: template.versions.length + 1, createdAt: now, description, parameters };
    const next = { ...template, versions: [...template.versions, version] };
    this.#byId.set(template.id, next);
    return { template: next, version };
  }

  delete(reference: LaunchTemplateReference): LaunchTemplate {
    const template = this.require(reference);
    this.#byId.delete(template.id);
    return template;
  }

  /** @throws RegionError `InvalidLaunchTemplateId.NotFound` or `InvalidLaunchTemplateName.NotFoundException` */
  require(reference: LaunchTemplateReference): LaunchTemplate {
    const { id, name } = reference;
    if (id !== undefined && name !== undefined) {
      throw new RegionError(
        'InvalidParameterCombination',
        'Specify either the launch template ID or the launch template name, but not both.',
      );
    }
    if (id === undefined && name === undefined)
      throw missingParameter('LaunchTemplateId or LaunchTemplateName');
    const template = this.all.find((candidate) => candidate.id === id || candidate.name === name);
    if (template !== undefined) return template;
    throw id === undefined
      ? new RegionError(
          'InvalidLaunchTemplateName.NotFoundException',
          `At least one of the launch templates specified in the request does not exist: ${name ?? ''}`,
        )
      : new RegionError('InvalidLaunchTemplateId.NotFound', `The launch template ID '${id}' does not exist`);
  }

  /** The version a launch means; without one, the default. @throws RegionError `InvalidLaunchTemplateId.VersionNotFound` */
  resolve(reference: LaunchTemplateReference): ResolvedTemplate {
    const template = this.require(reference);
    const asked = reference.version ?? '$Default';
    const number =
      asked === '$Default'
        ? template.defaultVersion
        : asked === '$Latest'
          ? template.versions.length
          : Number(asked);
    const version = template.versions.find((candidate) => candidate.number === number);
    if (version !== undefined) return { template, version };
    throw new RegionError(
      'InvalidLaunchTemplateId.VersionNotFound',
      `Could not find the specified version ${asked} for the launch template with ID ${template.id}.`,
    );
  }
}
