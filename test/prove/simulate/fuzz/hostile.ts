/** Texts that are code, markup or trouble somewhere. */
import fc from 'fast-check';

/** What runs this leaves a file behind. */
export const MARK = 'PWNED';

export const HOSTILE: readonly string[] = [
  `$(touch ${MARK})`,
  `\`touch ${MARK}\``,
  `'; touch ${MARK}; '`,
  `"; touch ${MARK}; "`,
  `\n touch ${MARK}\n`,
  `\r\ntouch ${MARK}`,
  `| touch ${MARK}`,
  `&& touch ${MARK}`,
  `\\"$(touch ${MARK})\\"`,
  `{{ ${MARK} }}`,
  `{{ssm:${MARK}}}`,
  `-o ProxyCommand=touch ${MARK}`,
  `--help`,
  `../../${MARK}`,
  `x86_64-linux;ssh://${MARK} x86_64-linux - 9`,
  `x86_64-linux#${MARK}`,
  `@/etc/${MARK}`,
  '__proto__',
  'constructor',
  '\u0000',
  '\u001b[31m',
  '\u202e',
  'ünïcödé-☃-😀',
  '\ud800',
  ' ',
  '',
  'x'.repeat(5000),
];

export const hostileText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 60 }),
);

/** JSON of any shape, with hostile names in it. */
export const hostileJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, 0, -1, 1e308, 2 ** 53, Number.MIN_VALUE),
    fc.double(),
    hostileText,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(hostileText, tie('value'), { maxKeys: 4 }),
  ),
})).value;
