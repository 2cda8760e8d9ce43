/** Looking at the start of a file: its format, its columns and its first rows, without running the job. */
import type { Engine } from '../engine/bindings.js';
import { loadCodecs } from '../engine/codecs.js';
import { guarded, loadEngine, raise } from '../engine/engine.js';
import type { EventTypeRole, Inspection, PartialPlan, Source } from '../types/index.js';
import { fillRange, prepareCodecs } from './feed.js';
import { planText } from './json.js';
import { concatenate } from './pieces.js';
import { completePlan } from './plan.js';
import { isAnywhere, openBytes, openSource, type OpenFile } from './source.js';

/** Bytes looked at first, and at most where what was found so far says that it needs more: as src/ingest/inspection/preview.h has them. */
const INSPECT_BYTES = 256 << 10;
const MOST_INSPECT_BYTES = 64 << 20;

/** Format, columns and first rows of a file, without running the job. */
export async function inspect(source: Source, plan?: PartialPlan, rows?: number): Promise<Inspection> {
  return inspectFile(openSource(source)[0]!, plan, rows);
}

/** The roles that event types may have to a study, told from their names and rows; each type is given once. */
export async function guessRoles(types: readonly Omit<EventTypeRole, 'role'>[]): Promise<EventTypeRole[]> {
  return JSON.parse((await loadEngine()).guessRoles(JSON.stringify(types))) as EventTypeRole[];
}

export async function inspectFile(file: OpenFile, plan: PartialPlan | undefined, rows = 10): Promise<Inspection> {
  const engine = await loadEngine();
  const pieces: Uint8Array[] = [];
  let size = 0;
  let most = INSPECT_BYTES;
  let ranged = false;
  await file.start?.();
  for await (const piece of file.pieces()) {
    pieces.push(piece);
    size += piece.length;
    if (!ranged && pieces.length <= 16) {
      const start = concatenate(pieces.map((bytes) => bytes.subarray(0, 16)));
      ranged = engine.needsRanges(start);
      if (ranged && isAnywhere(file)) return inspectRanges(engine, file, start, plan, rows);
    }
    while (size > most && !ranged) {
      const found = await inspectStart(engine, file, concatenate(pieces).subarray(0, most), false, plan, rows);
      const { needsBytes = Infinity } = found;
      if (needsBytes > MOST_INSPECT_BYTES || most === MOST_INSPECT_BYTES) return found;
      most = Math.min(MOST_INSPECT_BYTES, Math.max(needsBytes, 2 * most));
    }
  }
  const bytes = concatenate(pieces);
  if (!ranged) return inspectStart(engine, file, bytes, true, plan, rows);
  // Ranges of a stream are ranges of all its bytes.
  return inspectRanges(engine, openBytes(bytes, file.name), bytes.subarray(0, 16), plan, rows);
}

/** As inspectFile(), without moving the place where the file is read. */
export async function inspectAnywhere(engine: Engine, file: OpenFile, plan: PartialPlan | undefined): Promise<Inspection> {
  const size = Math.min(INSPECT_BYTES, file.size!);
  let start: Uint8Array;
  try {
    if (file.readInto) {
      start = new Uint8Array(size);
      start = start.subarray(0, file.readInto(start, 0));
    } else {
      start = await file.range!(0, size);
    }
    if (engine.needsRanges(start.subarray(0, 16))) return await inspectRanges(engine, file, start.subarray(0, 16), plan, 1000);
    return await inspectStart(engine, file, start, start.length === file.size, plan, 0);
  } finally {
    file.close?.();
  }
}

async function inspectStart(
  engine: Engine,
  { name, size }: OpenFile,
  start: Uint8Array,
  last: boolean,
  plan: PartialPlan | undefined,
  rows: number,
): Promise<Inspection> {
  await prepareCodecs(engine, start);
  const result = guarded(() => engine.inspect(name, start, last, planText(plan), rows, last ? start.length : size));
  return 'error' in result ? raise(result.error) : (JSON.parse(result.inspection) as Inspection);
}

async function inspectRanges(
  engine: Engine,
  file: OpenFile,
  start: Uint8Array,
  plan: PartialPlan | undefined,
  rows: number,
): Promise<Inspection> {
  await loadCodecs(engine);
  const inspection = guarded(() => engine.inspectRanges(file.name, start, file.size!, completePlan(engine, plan), rows))!;
  try {
    for (let range; (range = inspection.wanted()); ) {
      const size = await fillRange(engine, inspection, file, range);
      guarded(() => inspection.commit(size));
    }
    return JSON.parse(inspection.result()) as Inspection;
  } finally {
    inspection.delete();
  }
}
