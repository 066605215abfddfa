/** Such as `1 machine`, `2 machines`, `0 machines`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
