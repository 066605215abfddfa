/** Imported by every program for its effect: `| head` closing the pipe ends the program quietly, as it ends any other. */
const HUNG_UP_EXIT = 129;

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  // The terminal is gone, and with it whoever could read more.
  if (error.code === 'EIO') process.exit(HUNG_UP_EXIT);
  throw error;
});
