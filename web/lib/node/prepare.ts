/** Preparing and inspecting in Node: files by their paths, threads, and hashing beside the run. */
import { availableParallelism } from 'node:os';
import { threadsOf } from '../run/chunks.js';
import { inspectFile } from '../run/inspect.js';
import { prepareFiles } from '../run/prepare.js';
import type { OpenFile } from '../run/source.js';
import type { Dataset, Inspection, PartialPlan, PrepareOptions } from '../types/index.js';
import { digestsBeside, nodeHasher, type DigestsBeside } from './digest.js';
import { closeAll, openNodeSource, PathFile, type NodeSource } from './paths.js';

/** Paths of the files that a dataset was made of, which are not to be written over. */
const inputsOf = new WeakMap<Dataset, readonly string[]>();

export function pathsReadFor(dataset: Dataset): readonly string[] {
  return inputsOf.get(dataset) ?? [];
}

export async function prepare(source: NodeSource, plan?: PartialPlan, options: PrepareOptions = {}): Promise<Dataset> {
  const opened = openNodeSource(source);
  const { files, origin, passedOver } = opened instanceof Promise ? await opened : opened;
  const hashed = options.manifest && !options.reuse ? hashBeside(files) : undefined;
  try {
    const threads = threadsOf(options.threads, availableParallelism());
    const host = { newHasher: nodeHasher, passedOver };
    const dataset = await prepareFiles(files, plan, { ...options, threads }, host, origin);
    inputsOf.set(
      dataset,
      files.flatMap((file) => (file instanceof PathFile ? [file.path] : [])),
    );
    return dataset;
  } catch (error) {
    hashed?.end();
    throw error;
  } finally {
    closeAll(files);
  }
}

/** Reads all files once more while the run does; what cannot be read is told by the manifest. */
function hashBeside(files: readonly OpenFile[]): DigestsBeside | undefined {
  const paths = files.filter((file) => file instanceof PathFile);
  if (paths.length === 0) return undefined;
  const beside = digestsBeside(paths.map(({ hashable }) => hashable));
  for (const [place, file] of paths.entries()) file.hashedBeside(beside, place);
  return beside;
}

/** Of a folder's files; the first where none has any. */
async function firstWithRows(first: Inspection, files: OpenFile[], plan?: PartialPlan, rows?: number): Promise<Inspection> {
  let found = first;
  for (const file of files.slice(1)) {
    if (found.problem?.code !== 'emptyInput') return found;
    found = await inspectFile(file, plan, rows);
    file.close?.();
  }
  return found.problem?.code === 'emptyInput' ? first : found;
}

export async function inspect(source: NodeSource, plan?: PartialPlan, rows?: number): Promise<Inspection> {
  const { files } = await openNodeSource(source);
  try {
    const first = await inspectFile(files[0]!, plan, rows);
    if (!Array.isArray(source) && files.length > 1)
      return { ...(await firstWithRows(first, files, plan, rows)), files: files.length };
    return first;
  } finally {
    closeAll(files);
  }
}
