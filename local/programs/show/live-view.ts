/**
 * The live view: redraws the whole screen at a fixed place. It uses the terminal's alternate screen, so that what was
 * there before comes back at the end; the last state is then printed below it and stays readable.
 */
import type { ScreenSize } from './live-parts.ts';
import { painter } from './paint.ts';
import type { Paint } from './paint.ts';

export interface LiveViewOptions<State> {
  /** Takes text as it is, such as `(text) => process.stdout.write(text)`. */
  readonly write: (text: string) => void;
  /** Of the terminal now; asked at every draw, so that it may be resized. */
  readonly columns: () => number;
  readonly rows: () => number;
  /** Whether the terminal shows colours: `process.stdout.hasColors()` knows, and heeds NO_COLOR. */
  readonly colour: boolean;
  /** What is on the screen: at most `size.rows` lines, none wider than `size.columns` cells. */
  readonly screen: (state: State, size: ScreenSize, paint: Paint) => readonly string[];
}

const ESC = '\u001b[';
/** Alternate screen, no cursor, no automatic line wrap: whatever a terminal holds for the width of a character, no line breaks. */
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}?7l`;
const LEAVE = `${ESC}?7h${ESC}?25h${ESC}?1049l`;
/** Terminals that know it show what is between these at once; the others ignore them. */
const BEGIN_FRAME = `${ESC}?2026h${ESC}H`;
const END_FRAME = `${ESC}?2026l`;
const CLEAR_SCREEN = `${ESC}2J`;
const TO_END_OF_LINE = `${ESC}K`;
const TO_END_OF_SCREEN = `${ESC}J`;
/** What is assumed of a terminal that does not tell its size. */
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
/** A cursor stays on the last column after writing there, and erasing to the end of the line would erase that character. */
const FREE_COLUMNS = 1;

export class LiveView<State> {
  readonly #options: LiveViewOptions<State>;
  readonly #paint: Paint;
  #last: { readonly state: State; readonly size: string } | undefined;

  constructor(options: LiveViewOptions<State>) {
    this.#options = options;
    this.#paint = painter(options.colour);
  }

  /** Shows `state`, in one write. */
  draw(state: State): void {
    const size = this.#size();
    const key = `${size.columns}x${size.rows}`;
    const start = this.#last === undefined ? ENTER : '';
    const clear = this.#last?.size === key ? '' : CLEAR_SCREEN;
    this.#last = { state, size: key };
    const lines = this.#options.screen(state, size, this.#paint);
    const body = lines.map((line) => line + TO_END_OF_LINE).join('\r\n');
    this.#options.write(`${start}${BEGIN_FRAME}${clear}${body}${TO_END_OF_SCREEN}${END_FRAME}`);
  }

  /** Gives the terminal back and leaves the last state in the scrollback. Must be called however the run ends; repeats do nothing. */
  end(): void {
    if (this.#last === undefined) return;
    const { state } = this.#last;
    this.#last = undefined;
    const lines = this.#options.screen(state, this.#size(), this.#paint);
    this.#options.write(`${LEAVE}${lines.join('\n')}\n`);
  }

  #size(): ScreenSize {
    const columns = this.#options.columns() || DEFAULT_COLUMNS;
    return { columns: columns - FREE_COLUMNS, rows: this.#options.rows() || DEFAULT_ROWS };
  }
}
