/** The SDK turns an empty or foreign answer (a proxy's page) into one without lists; that must not pass for "none". */
export function mustBeListed<Item>(list: Item[] | undefined, call: string): Item[] {
  if (list === undefined)
    throw new Error(`${call} was answered without a list; is something between us and AWS?`);
  return list;
}
