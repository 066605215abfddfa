/** Why a machine's hydra-builder does not dial in, from its own journal: nobody else knows. */
import { stripVTControlCharacters } from 'node:util';
import { excerpt } from '../../core/text/excerpt.ts';

const ANSWER =
  /^v1 builder (?<active>[a-z-]+) (?<exit>-|\d{1,3}) (?<gate>open|closed|-) (?<journal>-|[A-Za-z0-9+/]+={0,2})\s*$/;
const SHOWN_CHARACTERS = 200;

/** hydra-builder ends like this when the queue runner speaks another version of the protocol. */
const OTHER_VERSION = '65';
/** What its lines begin with, and what they end with: all its settings, every time. */
const STAMP = /^\d{4}-\d\d-\d\dT\S+ +[A-Z]+ +/;
const SETTINGS = / (?:cli|app_config)=.*$/;
/** How it begins to say of what it died; the causes follow, the nearest last. */
const DEATH = 'Error:';
const CAUSE = /^ +\d+: (?<cause>.+)$/;
/** Said last, it has not been answered since. */
const CONNECTING = /^\S+ +INFO .*\bconnecting to (?<address>\S+)/;

/** What the document `ask-builder` printed, in words; undefined where that is not whole. */
export function builderInWords(stdout: string): string | undefined {
  const groups = ANSWER.exec(stdout)?.groups;
  if (groups === undefined) return undefined;
  const { active = '', exit = '', journal = '' } = groups;
  const lines = linesOf(journal === '-' ? '' : Buffer.from(journal, 'base64').toString('utf8'));
  const mismatch = lines
    .slice(lines.lastIndexOf(DEATH) + 1)
    .findLast((line) => line.includes('API version mismatch'));
  if (exit === OTHER_VERSION || mismatch !== undefined)
    return `its hydra-builder is of another version than the queue runner (exit ${exit}): it needs the host’s own${shown(mismatch?.replace(/^.*(?=API version)/, ''))}`;
  const address = CONNECTING.exec(lines.at(-1) ?? '')?.groups?.['address'];
  if (address !== undefined)
    return `hydra-builder gets no answer from ${excerpt(address, SHOWN_CHARACTERS)}: see that security groups and the host’s firewall let machines reach it`;
  const causes = causesIn(lines);
  if (causes.some((cause) => /no valid auth token|unauthenticated/i.test(cause)))
    return `the queue runner does not let it in: its token is not among those of the host${shown(causes.at(-1))}`;
  const why = causes.length > 0 ? causes.join(': ') : lines.at(-1)?.replace(STAMP, '').replace(SETTINGS, '');
  return `hydra-builder is ${active}${exit === '0' || exit === '-' ? '' : `, exit code ${exit}`}${shown(why)}`;
}

const shown = (text = ''): string => (text === '' ? '' : `: ${excerpt(text, SHOWN_CHARACTERS)}`);

const linesOf = (journal: string): readonly string[] =>
  stripVTControlCharacters(journal)
    .split('\n')
    .filter((line) => line.trim() !== '');

/**
 * Of its last death. Hints and, on NixOS, a backtrace follow them in the journal
 * (measured: docs/develop/facts.md#what-hydra-builder-dies-of-stands-above-its-last-lines).
 */
function causesIn(lines: readonly string[]): readonly string[] {
  const death = lines.lastIndexOf(DEATH);
  if (death === -1) return [];
  const after = lines.slice(death + 1).map((line) => CAUSE.exec(line)?.groups?.['cause']);
  const end = after.indexOf(undefined);
  const causes = after.slice(0, end === -1 ? after.length : end).filter((cause) => cause !== undefined);
  return causes.filter((cause, index) => cause !== causes[index - 1]);
}
