// Many classes of these specs lose guards on routing-controllers' own servers, on purpose, and a manager's `checker`
// looks at every class of the process. The warning has specs of its own, in processes of their own.
const printers = process.listeners('warning');
process.removeAllListeners('warning').on('warning', (warning: Error & { code?: string }) => {
  if (warning.code === 'LOGIN_LOST_GUARD') return;
  for (const print of printers) print(warning);
});
