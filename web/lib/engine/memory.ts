/** The memory that an engine can have. */

/** All that WebAssembly with 32-bit addresses can have. */
export const MEMORY_BYTES = 2 ** 32;

/** What to do with more events than fit. */
export const TOO_MUCH_ADVICE =
  'Use the native command, which has all memory of the machine; or keep a sample of the users, with all of their events; ' +
  'or give fewer files.';
