/** Imported by every program for its effect: `| head` closing the pipe ends the program quietly, as it ends any other. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
