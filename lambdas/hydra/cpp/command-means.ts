/** By what means a status command gets to the queue runner's program, and what each wants to be told differently. */

/** Programs that run another one elsewhere; `directly` for one that is run as it stands. */
export type Means = 'docker' | 'podman' | 'kubectl' | 'nixos-container' | 'machinectl' | 'ssh' | 'directly';

const BY_PROGRAM: ReadonlyMap<string, Means> = new Map([
  ['docker', 'docker'],
  ['docker-compose', 'docker'],
  ['podman', 'podman'],
  ['nerdctl', 'docker'],
  ['kubectl', 'kubectl'],
  ['nixos-container', 'nixos-container'],
  ['machinectl', 'machinectl'],
  ['ssh', 'ssh'],
]);

/** Programs that run another one here, and so may stand before it. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'sudo',
  'doas',
  'env',
  'timeout',
  'nice',
  'runuser',
  'setpriv',
]);

/** What lists the places the command could have meant. */
const LISTS: Readonly<Record<Exclude<Means, 'directly' | 'ssh'>, string>> = {
  docker: 'docker ps',
  podman: 'podman ps',
  kubectl: 'kubectl get pods',
  'nixos-container': 'nixos-container list',
  machinectl: 'machinectl list',
};

/** The first of its programs that leads elsewhere; what stands before it may only be a wrapper with its options. */
export function meansOf(command: readonly string[]): Means {
  const names = command.map((word) => word.replace(/^.*\//, ''));
  const [first = ''] = names;
  const candidates = WRAPPERS.has(first) ? names : [first];
  return candidates.map((name) => BY_PROGRAM.get(name)).find((means) => means !== undefined) ?? 'directly';
}

/** How a variable gets to the program: host.environment reaches only what runs on the host itself. */
export function handOn(means: Means, variable: string, value = '…'): string {
  switch (means) {
    case 'directly':
      return `set ${variable} in host.environment`;
    case 'docker':
    case 'podman':
      return `add "-e", "${variable}=${value}" behind "exec" in host.statusCommand, as ${means} exec hands no environment on`;
    case 'machinectl':
      return `add "--setenv=${variable}=${value}" behind "shell" in host.statusCommand, as machinectl hands no environment on`;
    case 'kubectl':
    case 'nixos-container':
    case 'ssh':
      return `put "env", "${variable}=${value}" before the program in host.statusCommand, as ${means} hands no environment on`;
  }
}

/** What is to be done about a container name that does not exist. */
export const findContainer = (means: Means): string =>
  `check the name of the container in host.statusCommand${
    means === 'directly' || means === 'ssh' ? '' : `: ${LISTS[means]} shows those that run`
  }`;

/** Where the program is looked for. */
export const whereIn = (means: Means): string =>
  means === 'directly' || means === 'ssh' ? '' : ', as it is in the container';
