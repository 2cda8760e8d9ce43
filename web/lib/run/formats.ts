/** The formats that there are, and the files that a run has in them. */
import type { Engine } from '../engine/bindings.js';
import { loadEngine } from '../engine/engine.js';
import { EventDataError, type OutputFile, type TableFormat, type TableFormatInfo } from '../types/index.js';
import * as WORDS from '../words.js';

/** The formats that tables can be written in, as a form or a help text shows them. */
export async function listFormats(): Promise<TableFormatInfo[]> {
  return (await loadEngine()).listFormats();
}

/** The output formats for tables, in the engine's order; checks a list of names. */
export async function readFormats(formats?: string[]): Promise<TableFormat[]> {
  const engine = await loadEngine();
  listFiles(engine, formats);
  return [...new Set(formats ?? engine.listFormats().map(({ name }) => name))] as TableFormat[];
}

/** `audited`: there is an audit to write. */
export function listFiles(engine: Engine, formats?: string[], audited = false): OutputFile[] {
  const tables = engine.listFormats().map((format) => format.name as string);
  const known = audited ? [...tables, 'audit'] : tables;
  const unknown = formats?.find((format) => !known.includes(format));
  if (unknown !== undefined) {
    throw new EventDataError('badFormat', WORDS.noFormat(unknown, known));
  }
  return engine.listOutputs([...new Set(formats ?? known)]) as OutputFile[];
}
