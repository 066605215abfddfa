/** Commands that run in a container: how they are recognised, and what they lack when SSM runs them. */
import type { Note } from './note.ts';

/** A command as it is to run on the host, with the container's name. */
export interface ContainerCommand {
  readonly words: readonly string[];
  readonly container: string;
  /** What is to be looked at. */
  readonly messages: readonly string[];
}

interface Runtime {
  /** The words that lead to the container's name, options aside. */
  readonly verb: RegExp;
  /** Options that are followed by a value. */
  readonly valued: RegExp;
  /** Whether an option sets a variable inside; elsewhere `env` has to. */
  readonly setsVariables: boolean;
  readonly message?: string;
}

const DOCKER_VALUED = /^(-[euw]|--(env|env-file|user|workdir|detach-keys|index|namespace|container))$/;

const RUNTIMES: readonly Runtime[] = [
  { verb: /^(docker|podman|nerdctl)( container)? exec$/, valued: DOCKER_VALUED, setsVariables: true },
  {
    verb: /^(docker compose|docker-compose|podman-compose) exec$/,
    valued: DOCKER_VALUED,
    setsVariables: true,
    message:
      'compose finds its project by the directory it is run in, which over SSM is another: name the container with `docker exec` instead',
  },
  {
    verb: /^(kubectl|k3s kubectl|oc) exec$/,
    valued: /^(-[nc]|--(namespace|container|context|kubeconfig))$/,
    setsVariables: false,
    message:
      'pods change their names: name a Deployment or StatefulSet, as deployment/NAME, and see that root on the host has a kubeconfig',
  },
  { verb: /^(lxc|incus) exec$/, valued: /^(--(env|user|group|cwd))$/, setsVariables: false },
  { verb: /^nixos-container run$/, valued: /^--(host-address|local-address)$/, setsVariables: false },
  {
    verb: /^machinectl shell$/,
    valued: /^(-[EM]|--(setenv|machine|uid))$/,
    setsVariables: false,
    message:
      'machinectl shell hands on no exit code, so that a failing status is not seen: use systemd-run --quiet --pipe --wait --machine NAME PROGRAM',
  },
];

/** The user whose name the images of Hydra give the database. */
const USER = 'hydra';
const TERMINAL = /^(-t|-it|-ti|--tty(=true)?)$/;
const STANDARD_INPUT = /^(-i|--interactive(=true)?)$/;
const VERB_WORDS_MAX = 3;

/** Undefined when `command` goes into no container. */
export function containerCommand(command: readonly string[]): ContainerCommand | undefined {
  for (let length = VERB_WORDS_MAX; length >= 2; length--) {
    const [program = '', ...others] = command.slice(0, length);
    const verb = [program.replace(/^.*\//, ''), ...others].join(' ');
    const runtime = RUNTIMES.find((known) => known.verb.test(verb));
    if (runtime !== undefined) return inside(runtime, command.slice(0, length), command.slice(length));
  }
  return undefined;
}

function inside(
  { valued, setsVariables, message }: Runtime,
  verb: readonly string[],
  rest: readonly string[],
): ContainerCommand {
  let at = 0;
  while (rest[at]?.startsWith('-') === true && rest[at] !== '--') at += valued.test(rest[at] ?? '') ? 2 : 1;
  const options = rest.slice(0, at).filter((word) => !TERMINAL.test(word) && !STANDARD_INPUT.test(word));
  const [container = '', ...program] = rest.slice(at);
  const isSet = /(^|=)LOGNAME=/m.test([...options, ...program].join('\n'));
  const separator = program[0] === '--' ? ['--'] : [];
  const bare = program.slice(separator.length);
  const words = setsVariables
    ? [...verb, ...options, ...(isSet ? [] : ['-e', `LOGNAME=${USER}`]), container, ...separator, ...bare]
    : [...verb, ...options, container, ...separator, ...(isSet ? [] : ['env', `LOGNAME=${USER}`]), ...bare];
  return {
    words,
    container,
    messages: [
      ...(isSet
        ? []
        : [
            `LOGNAME=${USER} was added: in ${container} the queue runner asks the database as that user, and a container sets no LOGNAME; see that it is the right one`,
          ]),
      ...(rest.slice(0, at).some((word) => TERMINAL.test(word))
        ? ['its terminal falls away: over SSM there is none']
        : []),
      ...(message === undefined ? [] : [message]),
    ],
  };
}

/** Whether a command, however it is quoted, goes into a container. */
export const goesIntoContainer = (text: string): boolean =>
  /\b(docker|podman|nerdctl|docker-compose|podman-compose|kubectl|oc|lxc|incus)\b[^|;&]*\b(exec|cp)\b|\bnixos-container\s+run\b|\bmachinectl\s+(shell|copy-to)\b/.test(
    text,
  );

export const notesOf = (path: string, { messages }: ContainerCommand): readonly Note[] =>
  messages.map((message) => ({ path, message }));
