/** Commands of hydra-provisioner, which ran on its own host and reached Hydra by ssh. Ours run on the Hydra host itself. */
import { containerCommand, notesOf } from './container.ts';
import type { Note } from './note.ts';

/** What of a command is of use on the Hydra host. */
export interface StatusCommand {
  readonly statusCommand?: readonly string[];
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly notes: readonly Note[];
}

/** Options of ssh that are followed by a value (ssh(1)). */
const SSH_OPTIONS_WITH_VALUE = /^-[BbcDEeFIiJLlmOoPpQRSWw]$/;
const NEEDS_SHELL = /[|;&<>$`'"\\()*?]/;
const ASSIGNMENT = /^(?<name>[A-Za-z_][A-Za-z0-9_]*)=(?<value>.*)$/;

/** @param path the name of the option: it has two. */
export function readStatusCommand(path: string, written: string | readonly string[]): StatusCommand {
  const words = typeof written === 'string' ? wordsOf(written) : written;
  const notes: Note[] = [];
  const note = (message: string): void => void notes.push({ path, message });
  const { user: sshUser, host, rest } = withoutSsh(words);
  if (host !== undefined) note(`the ssh to ${host} falls away: the command runs on the Hydra host, over SSM`);
  const command = host === undefined ? rest : wordsOf(rest.join(' '));
  if (command.some((word) => NEEDS_SHELL.test(word)) && (host !== undefined || typeof written === 'string')) {
    note(`"${command.join(' ')}" needs a shell, and ours runs without one: set host.statusCommand yourself`);
    return { notes };
  }
  const { environment, user = sshUser, words: program } = withoutPrefixes(command);
  if (user !== undefined && user !== 'root' && user === sshUser)
    note(`the user ${user} of the ssh became host.user: see that it may run the command`);
  const inContainer = containerCommand(program);
  if (inContainer !== undefined) notes.push(...notesOf(path, inContainer));
  return {
    ...(program.length === 0 ? {} : { statusCommand: inContainer?.words ?? program }),
    ...(user === undefined || user === 'root' ? {} : { user }),
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
    notes,
  };
}

const wordsOf = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

interface Reached {
  readonly user?: string;
  /** Absent when the command goes nowhere by ssh. */
  readonly host?: string;
  readonly rest: readonly string[];
}

function withoutSsh(words: readonly string[]): Reached {
  if (words[0] === undefined || !/(^|\/)ssh$/.test(words[0])) return { rest: words };
  let user: string | undefined;
  let at = 1;
  for (let word = words[at]; word?.startsWith('-') === true; word = words[at]) {
    if (word === '-l') user = words[at + 1];
    at += SSH_OPTIONS_WITH_VALUE.test(word) ? 2 : 1;
  }
  const destination = (words[at] ?? '').replace(/^ssh:\/\//, '');
  const [before, after] = destination.split('@', 2);
  const host = after ?? before ?? '';
  const named = after === undefined ? user : before;
  return { host, rest: words.slice(at + 1), ...(named === undefined ? {} : { user: named }) };
}

/** Takes `env`, assignments and `sudo -u USER` off the front. */
function withoutPrefixes(command: readonly string[]): {
  readonly environment: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly words: readonly string[];
} {
  const environment: Record<string, string> = {};
  let user: string | undefined;
  let words = command;
  for (;;) {
    const [first = '', second, third] = words;
    const { name, value } = ASSIGNMENT.exec(first)?.groups ?? {};
    if (name !== undefined && value !== undefined) {
      environment[name] = value;
      words = words.slice(1);
    } else if (first === 'env') words = words.slice(1);
    else if (first === 'sudo' && second === '-u' && third !== undefined) {
      user = third;
      words = words.slice(3);
    } else if (first === 'sudo') words = words.slice(second?.startsWith('-') === true ? 2 : 1);
    else return { environment, words, ...(user === undefined ? {} : { user }) };
  }
}
