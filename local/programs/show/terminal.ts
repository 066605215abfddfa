/** What is written to, where that may be a terminal and may be a pipe. */

/** What people see where nobody says how wide the terminal is. */
const COLUMNS = 100;

/** How wide its lines may be, and whether it shows colours. @param assumed columns of what is not a terminal. */
export const sheetOf = (
  stream: NodeJS.WriteStream,
  assumed = COLUMNS,
): { readonly columns: number; readonly colour: boolean } => ({
  columns: stream.isTTY ? stream.columns : assumed,
  colour: stream.isTTY && stream.hasColors(),
});
