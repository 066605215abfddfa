/** The answer to a CloudFormation custom resource (AWS: docs/develop/facts.md#cloudformation-custom-resources). */
export interface ResourceResponse {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** The image's id: another one would be another resource. */
  readonly PhysicalResourceId: string;
  readonly Data?: { readonly ImageId: string };
}

/**
 * Puts the answer where CloudFormation waits for it.
 * @param url signed for a body without a content type, which a string would be given.
 * @throws Error when it is not taken.
 */
export async function tellCloudFormation(url: string, response: ResourceResponse): Promise<void> {
  const { ok, status } = await fetch(url, { method: 'PUT', body: Buffer.from(JSON.stringify(response)) });
  if (!ok) throw new Error(`CloudFormation did not take the answer: ${status}`);
}
