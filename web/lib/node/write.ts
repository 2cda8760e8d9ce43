/** A dataset's files on the disk. */
import type { BigIntStats } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Hasher } from '../engine/digest.js';
import { EventDataError, type Dataset, type HashedFile, type HtmlReportOptions, type TableFormat } from '../types/index.js';
import { nodeHasher } from './digest.js';
import { pathsReadFor } from './prepare.js';

export interface WriteOptions {
  /** Without any, the notebook's two: Parquet and pickle. 'audit' writes audit.json of a dataset that has one. */
  formats?: (TableFormat | 'audit')[];
  /** Whether manifest.json and the data dictionary, README.md, are written beside the files; true unless set. */
  manifest?: boolean;
  /** A file that the report in HTML is written to; of a dataset with an audit. */
  report?: string | undefined;
  reportCounts?: HtmlReportOptions['counts'];
  onProgress?: (progress: { path: string; filesDone: number; filesTotal: number }) => void;
  signal?: AbortSignal | undefined;
}

export interface WrittenFile {
  path: string;
  bytes: number;
  /** Absent where no manifest was asked for, and of the manifest itself. */
  sha256?: string;
}

/**
 * Writes a dataset's files below `directory`: each beside its place first, all renamed at the end, so that whatever
 * goes wrong before leaves the files and folders that were there.
 */
export async function writeDataset(dataset: Dataset, directory: string, options: WriteOptions = {}): Promise<WrittenFile[]> {
  const all = await dataset.files(options.formats ?? ['parquet', 'pickle']);
  const files = options.manifest === false ? all.filter(({ format }) => format !== 'dictionary') : all;
  const staged = new StagedFiles(dataset);
  const written: WrittenFile[] = [];
  const hashed: HashedFile[] = [];
  let manifestSha256 = '';
  const filesTotal = files.length + (options.manifest === false ? 0 : 1);
  try {
    for (const [filesDone, file] of files.entries()) {
      options.signal?.throwIfAborted();
      options.onProgress?.({ path: file.path, filesDone, filesTotal });
      const hasher = options.manifest === false ? undefined : nodeHasher();
      const bytes = await staged.add(join(directory, file.path), (from) => writeFile(dataset, file.path, from, hasher));
      if (hasher) hashed.push({ ...file, bytes, sha256: hasher.hex() });
      written.push(hashed.length > 0 ? { path: file.path, bytes, sha256: hashed.at(-1)!.sha256 } : { path: file.path, bytes });
      await new Promise(setImmediate); // lets an interrupt be heard between two files
    }
    if (options.manifest !== false) {
      options.onProgress?.({ path: 'manifest.json', filesDone: files.length, filesTotal });
      const text = await dataset.manifest(hashed, { signal: options.signal });
      const bytes = await staged.add(join(directory, 'manifest.json'), (from) => writeWhole(from, text));
      written.push({ path: 'manifest.json', bytes });
      const hasher = nodeHasher();
      hasher.update(text);
      manifestSha256 = hasher.hex();
    }
    if (options.report !== undefined)
      await stageReport(staged, dataset, options.report, { counts: options.reportCounts, manifestSha256 });
    options.signal?.throwIfAborted();
    await staged.renameAll();
    return written;
  } catch (error) {
    await staged.discard();
    throw unwritable(directory, error);
  }
}

/** Writes the report alone, in HTML; of a dataset with an audit. */
export async function writeReport(dataset: Dataset, path: string, options: HtmlReportOptions = {}): Promise<void> {
  const staged = new StagedFiles(dataset);
  try {
    await stageReport(staged, dataset, path, options);
    await staged.renameAll();
  } catch (error) {
    await staged.discard();
    throw unwritable(path, error);
  }
}

async function stageReport(staged: StagedFiles, dataset: Dataset, path: string, options: HtmlReportOptions): Promise<void> {
  const html = await dataset.reportHtml(options);
  await staged.add(resolve(path), (from) => writeWhole(from, new TextEncoder().encode(html)));
}

/** Files beside their places, until all are whole. */
class StagedFiles {
  readonly #staged: { from: string; to: string }[] = [];
  /** Folders that were not there, each behind the one that it is in. */
  readonly #made: string[] = [];

  /** Files of `dataset`'s inputs are not written over. */
  constructor(readonly dataset: Dataset) {}

  async add(to: string, fill: (from: string) => Promise<number>): Promise<number> {
    const from = join(dirname(to), `.${basename(to)}.${process.pid}.partial`);
    await this.#makeFolders(dirname(to));
    await refuseOthers(to);
    const there = await statOf(to);
    for (const input of there ? pathsReadFor(this.dataset) : []) {
      if (isSameFile(await statOf(input), there)) {
        const message = `${to} is an input of this run, and would be written over; choose another folder.`;
        throw new EventDataError('unwritable', message);
      }
    }
    if (this.#staged.some((other) => resolve(other.to) === resolve(to))) {
      throw new EventDataError('unwritable', `${to} is another file of this run; name another place.`);
    }
    this.#staged.push({ from, to });
    return fill(from);
  }

  async #makeFolders(folder: string): Promise<void> {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return;
    const made: string[] = [];
    for (let at = resolve(folder); at.length >= resolve(first).length; at = dirname(at)) made.unshift(at);
    this.#made.push(...made);
  }

  /** Files that were there come back if one cannot take its place. */
  async renameAll(): Promise<void> {
    const passed: { to: string; earlier: string | undefined }[] = [];
    try {
      for (const { from, to } of this.#staged) {
        const earlier = (await secondName(to, `${from}.earlier`)) ? `${from}.earlier` : undefined;
        if (earlier !== undefined) passed.push({ to, earlier });
        await rename(from, to);
        if (earlier === undefined) passed.push({ to, earlier });
      }
    } catch (error) {
      for (const { to, earlier } of passed) await (earlier === undefined ? rm(to, { force: true }) : rename(earlier, to));
      throw error;
    } finally {
      await Promise.all(passed.map(({ earlier }) => earlier !== undefined && rm(earlier, { force: true })));
    }
    await removeLeft(this.#staged.map(({ to }) => to));
  }

  /** Folders that were made stay where something else has come into them. */
  async discard(): Promise<void> {
    await Promise.all(this.#staged.map(({ from }) => rm(from, { force: true })));
    for (const folder of this.#made.reverse()) await rmdir(folder).catch(() => undefined);
  }
}

/** Removes what runs that were killed left beside these files. */
async function removeLeft(files: readonly string[]): Promise<void> {
  for (const folder of new Set(files.map((file) => dirname(file)))) {
    const names = new Set(files.filter((file) => dirname(file) === folder).map((file) => basename(file)));
    for (const entry of await readdir(folder).catch(() => [])) {
      const [, name, pid] = /^\.(.+)\.(\d+)\.partial(?:\.earlier)?$/.exec(entry) ?? [];
      if (name === undefined || !names.has(name) || isAlive(Number(pid))) continue;
      await rm(join(folder, entry), { force: true }).catch(() => undefined);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Gives a file another name, so that it outlives what takes its place; false where there is no file. */
async function secondName(path: string, name: string): Promise<boolean> {
  const { code } = await link(path, name).then(
    () => ({ code: '' }),
    (error: NodeJS.ErrnoException) => error,
  );
  if (code === 'ENOENT') return false;
  if (code === '') return true;
  await refuseOthers(path);
  await rename(path, name); // where a file can have no two names
  return true;
}

const statOf = (path: string) => stat(path, { bigint: true }).catch(() => undefined);

function isSameFile(one: BigIntStats | undefined, other: BigIntStats | undefined): boolean {
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

/** A directory, a device or a pipe is no place for a file, and would be replaced by it. */
async function refuseOthers(path: string): Promise<void> {
  const there = await statOf(path);
  if (there === undefined || there.isFile()) return;
  const what = there.isDirectory() ? 'a directory; a file is to be written there' : 'a device or a pipe; name a file';
  throw new EventDataError('unwritable', `${path} is ${what}.`);
}

async function writeWhole(to: string, bytes: Uint8Array): Promise<number> {
  const file = await open(to, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
    return bytes.length;
  } finally {
    await file.close();
  }
}

async function writeFile(dataset: Dataset, path: string, to: string, hasher: Hasher | undefined): Promise<number> {
  const file = await open(to, 'w');
  try {
    let bytes = 0;
    let queue = Promise.resolve();
    // Pieces come while the engine runs and are written in order; a failure surfaces at the end.
    await dataset.writePieces(path, (piece) => {
      bytes += piece.length;
      hasher?.update(piece);
      queue = queue.then(() => file.writeFile(piece));
      queue.catch(() => undefined);
    });
    await queue;
    await file.sync();
    return bytes;
  } finally {
    await file.close();
  }
}

function unwritable(directory: string, error: unknown): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (error instanceof EventDataError || !(error instanceof Error) || error.name === 'AbortError' || code === undefined) {
    return error;
  }
  const reasons: Record<string, string> = {
    ENOTDIR: 'a file stands where a folder is needed',
    EEXIST: 'a file stands where a folder is needed',
    EACCES: 'this user may not write there',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
  };
  const reason = reasons[code] ?? code;
  return new EventDataError('unwritable', `${path ?? directory} cannot be written: ${reason}. Nothing was changed.`);
}
