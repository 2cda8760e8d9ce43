/** What the module says where the engine does not: errors of what it is handed, reads and is asked for. */

// --- what it is handed ---
export const noInput = 'There is no input: the list of files is empty.';
export const noSource = (name: string, found: string) =>
  `${name} is ${found}; give a File or Blob, bytes, a stream, text, a URL, an array of objects, or an object of arrays.`;
export const streamTaken = (name: string) => `${name}: the stream is already being read elsewhere.`;
export const streamGave = (name: string, found: string) => `${name}: the stream gave ${found}; it must give Uint8Arrays.`;
export const rowNotJson = (row: number, reason: string) => `input, row ${row} cannot be written as JSON: ${reason}.`;
export const cellNotJson = (row: number, column: string, reason: string) =>
  `input, row ${row}, column "${column}" cannot be written as JSON: ${reason}.`;
export const planNotJson = 'The plan cannot be written as JSON; it must be a plain object.';
export const noAddress = (url: string) => `"${url}" is no address of a file; it must begin with https:// or http://.`;
export const notFetched = (url: string) => `${url} is no address that is fetched; it must begin with https:// or http://.`;
export const threads = (asked: string) => `threads is ${asked}; it must be a whole number from 1 to 256.`;

// --- what it reads ---
export const readOnce = (name: string) => `${name} was read already, and its server gives it only as a whole.`;
export const urlChanged = (name: string) => `${name} changed while it was read; read it again.`;
export const otherBytes = (name: string) => `${name}: its server gave other bytes than it was asked for.`;
export const answered = (name: string, said: string) => `${name} cannot be fetched: its server answers ${said}.`;
export const cutOff = (name: string, bytes: number, size: number) =>
  `${name} was cut off: its server gave ${bytes} bytes instead of ${size}.`;
export const gone = (name: string) => `${name} was read once and is gone; prepare it with { manifest: true }.`;
export const changed = (name: string, had: number, has: number) =>
  `${name} changed since it was read: it had ${had} bytes and has ${has}.`;

// --- memory ---
export const tooMuchAdvice =
  'Use the native command, which has all memory of the machine; or keep a sample of the users, with all of their events; ' +
  'or give fewer files.';
export const need = (events: string, size: string) =>
  `About ${events} ${events === '1' ? 'event' : 'events'}, about ${size} of memory`;
export const tooMuch = (events: string, least: string, most: string) =>
  `About ${events} ${events === '1' ? 'event' : 'events'}, at least ${least} of memory are too much for WebAssembly, which has ${most}. ${tooMuchAdvice}`;
export const outOfMemory = `The engine ran out of memory: WebAssembly has 4 GB at most, about 100 million events. ${tooMuchAdvice}`;
export const partMissing = (what: string): string =>
  `A part of the engine could not be loaded: ${what}. Try again, or load the page anew.`;
export const otherPart = 'The two parts of the engine are of different builds; load the page anew.';
export const engineEnded = (reason: string) => `The engine could not go on: ${reason || 'its worker did not start'}.`;
export const workerGone = 'the browser has ended its worker, as it does where memory is short; run again';
export const engineClosed = 'The engine has been closed.';

// --- what a dataset is asked for ---
export const disposed = 'The dataset has been disposed of.';
export const notOfThisThread = 'The dataset is not of this thread, or has been disposed of.';
export const keepsNoEvents = (what: string) => `The dataset keeps no events to ${what}; prepare it with { keepEvents: true }.`;
export const noRow = (row: string, rows: number) => `There is no row ${row}; the table has ${rows} rows, from 0 on.`;
export const noFile = (name: string, format: string) => `There is no file "${name}" in the format "${format}".`;
export const noFormat = (format: string, known: readonly string[]) =>
  `"${format}" is not an output format; there are ${known.join(', ')}.`;
export const noAudit = (what: string) => `${what}, and there is none; prepare with { audit: true }.`;
export const reportOptions = 'The report takes counts ("suppressed" or "exact") and manifestSha256 (64 hexadecimal digits).';
export const sessionQuery = (key: string, value: string, findings: readonly string[], sorts: readonly string[]) =>
  `Sessions cannot be listed by ${key} ${value}; there are part (train, validation or test), treatment and outcome (0 or 1), ` +
  `text, finding (${findings.join(', ')}), sort (${sorts.join(', ')}), descending (true or false), offset and limit (whole numbers).`;
