/** The memory that an engine can have. */

/** All that WebAssembly with 32-bit addresses can have. */
export const MEMORY_BYTES = 2 ** 32;
