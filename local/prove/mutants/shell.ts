/** As much of the grammar of a shell as it takes to find commands and their words. Substitutions stay whole. */

interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Word extends Span {
  /** Without the quotes around it. */
  readonly word: string;
}

export interface Command extends Span {
  readonly words: readonly string[];
}

/** As deep as our scripts nest them. */
const SUBSTITUTION = String.raw`\$\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)`;
const QUOTED = String.raw`'[^']*'|"(?:\\[^]|${SUBSTITUTION}|[^"\\])*"`;
const WORD = String.raw`(?:\\[^]|${QUOTED}|${SUBSTITUTION}|[^\s;&|()'"\\])+`;
const COMMENT = String.raw`(?<!\S)#.*`;
/** What stands between commands. An ampersand before a digit redirects. */
const BETWEEN = String.raw`\n|;|\||&(?!\d)|[()]|(?<!\S)[{}!](?!\S)`;
const TOKEN = new RegExp(`${COMMENT}|(?<between>${BETWEEN})|(?<word>${WORD})`, 'g');
/** Words after which a command begins. */
const OPENING = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do']);

/** The words of a script, in order. */
export const wordsIn = (script: string): readonly Word[] => commandsOf(script).flatMap((words) => words);

/** The simple commands of a script, in order. */
export const commandsIn = (script: string): readonly Command[] =>
  commandsOf(script).flatMap((words) => {
    const [first, last] = [words[0], words.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [{ start: first.start, end: last.end, words: words.map(({ word }) => word) }];
  });

function commandsOf(script: string): readonly (readonly Word[])[] {
  const commands: Word[][] = [[]];
  for (const { index, groups } of script.matchAll(TOKEN)) {
    const text = groups?.['word'];
    if (groups?.['between'] !== undefined) commands.push([]);
    if (text === undefined) continue;
    if (commands.at(-1)?.length === 0 && OPENING.has(text)) continue;
    commands
      .at(-1)
      ?.push({ start: index, end: index + text.length, word: text.replace(/^(["'])(.*)\1$/s, '$2') });
  }
  return commands;
}
