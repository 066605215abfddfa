/** Launch templates by name. Instances bear their ids only. */
import { paginateDescribeLaunchTemplates } from '@aws-sdk/client-ec2';
import type { EC2Client, LaunchTemplate } from '@aws-sdk/client-ec2';
import type { KnownTemplate } from '../../core/model/index.ts';
import type { FoundTemplates } from '../../ports.ts';
import { mustBeListed } from '../answers.ts';
import { SideProblems } from '../side-problems.ts';

/** The most values EC2 takes in one filter (AWS: docs/develop/facts.md#ec2-a-filter-takes-200-values). */
const FILTER_VALUES = 200;

/**
 * Those of these launch templates that exist. Asked by filter: a name that EC2 does not know would spoil a question
 * by name. @throws when EC2 cannot be asked, or answers something that is not a list.
 */
export async function describeTemplates(ec2: EC2Client, names: readonly string[]): Promise<KnownTemplate[]> {
  const found: KnownTemplate[] = [];
  for (let start = 0; start < names.length; start += FILTER_VALUES) {
    const Values = names.slice(start, start + FILTER_VALUES);
    const Filters = [{ Name: 'launch-template-name', Values }];
    for await (const page of paginateDescribeLaunchTemplates({ client: ec2 }, { Filters }))
      found.push(...mustBeListed(page.LaunchTemplates, 'DescribeLaunchTemplates').map(toKnown));
  }
  return found;
}

function toKnown({ LaunchTemplateId: id, LaunchTemplateName: name }: LaunchTemplate): KnownTemplate {
  if (id === undefined || name === undefined)
    throw new Error('EC2 described a launch template without id or name');
  return { name, id };
}

/** The same. Never throws: without an answer there are no `templates`. */
export async function findTemplates(ec2: EC2Client, names: readonly string[]): Promise<FoundTemplates> {
  const problems = new SideProblems();
  try {
    return { templates: await describeTemplates(ec2, names), problems: [] };
  } catch (error) {
    problems.add('DescribeLaunchTemplates', error);
    return { problems: problems.all };
  }
}
