/** The files of one result: their sizes, manifest.json, and saving them. One thing is saved at a time, in the order asked. */
import type { Dataset, HashedFile, OutputFile, Report, TableFormat } from '../../lib/types/index.js';
import { blobOf, downloadBlob, saveToFile, saveToFolder, streamOf, unwritable, zipOf, type FileToSave } from '../disk.js';
import { printHtml } from '../print.js';
import type { Output, Saving, State } from '../state.js';
import { SAVING } from '../words/files.js';
import { asProblem } from './problem.js';

export const MANIFEST = 'manifest.json';
const ZIP = 'causal-sessions.zip';
const REPORT = 'causal-sessions-report.html';
/** Pickers begin where the last one with this name ended. */
const PICKER = 'causal-sessions';

/** Up to here a file is made once unasked, for its size and digest. */
const MEASURED_EVENTS = 10_000_000;
const MEASURED_CELLS = 20_000_000;

/** Work that is over sooner shows no progress. */
const SHOWN_AFTER_MS = 150;

interface Job {
  signal: AbortSignal;
  /** `done` and `total` in bytes, unless `figures` says it in words; total is 0 where it is not known. */
  show(text: string, done: number, total: number, figures?: string): void;
}

export class OutputFiles {
  readonly #dataset: Dataset;
  readonly #change: (change: Partial<State>) => void;
  readonly #announce: (text: string) => void;
  readonly #digests = new Map<string, Promise<HashedFile>>();
  readonly #states = new Map<string, Output['state']>();
  #files: readonly OutputFile[] = [];
  #manifest: Uint8Array | null = null;
  #listings = 0;
  #measuring: Promise<void> = Promise.resolve();
  #jobs: Promise<void> = Promise.resolve();
  #stop: AbortController | null = null;
  #closed = false;

  constructor(dataset: Dataset, change: (change: Partial<State>) => void, announce: (text: string) => void) {
    this.#dataset = dataset;
    this.#change = change;
    this.#announce = announce;
  }

  /** The files in these formats. Quick ones are measured at once, one after the other. */
  async list(formats: readonly TableFormat[]): Promise<void> {
    const listing = ++this.#listings;
    const files = await this.#dataset.files([...formats]);
    if (listing !== this.#listings || this.#closed) return;
    this.#files = files;
    this.#manifest = null;
    this.#change({ outputs: this.#outputs(), manifestBytes: null });
    this.#measuring = this.#measuring.then(() => this.#measure(listing));
  }

  /** Stops what is under way; afterwards the dataset may be disposed of. */
  async close(): Promise<void> {
    this.#closed = true;
    this.cancel();
    await Promise.all([this.#jobs, this.#measuring]);
  }

  cancel(): void {
    this.#stop?.abort();
  }

  download(path: string): void {
    this.#enqueue(async (job) => {
      const file = await this.#make(path, job);
      let done = 0;
      const blob = await blobOf(file, (size) => job.show(SAVING.making(path), (done += size), file.bytes));
      downloadBlob(blob, path.split('/').at(-1)!);
      return SAVING.downloaded(path);
    });
  }

  /** The whole result as one HTML page, downloaded or handed to the browser's printing. */
  report(how: 'download' | 'print'): void {
    this.#enqueue(async (job) => {
      const manifest = await this.#makeManifest(await this.#digestAll(job), job);
      const html = await this.#dataset.reportHtml({ manifestSha256: await sha256(manifest) });
      if (how === 'print') {
        printHtml(html);
        return SAVING.printing;
      }
      downloadBlob(new Blob([html], { type: 'text/html' }), REPORT);
      return SAVING.downloaded(REPORT);
    });
  }

  async saveFolder(): Promise<void> {
    const folder = await this.#pick(SAVING.theFolder, () => window.showDirectoryPicker!({ id: PICKER, mode: 'readwrite' }));
    if (!folder) return;
    this.#enqueue(async (job) => {
      const files = await this.#makeAll(job);
      await saveToFolder(folder, files, job.signal, written(files, job));
      return SAVING.inFolder(summary(files), folder.name);
    });
  }

  async saveZip(): Promise<void> {
    if (!window.showSaveFilePicker) return this.#enqueue((job) => this.#downloadZip(job));
    const types = [{ description: 'ZIP', accept: { 'application/zip': ['.zip'] } }];
    const place = await this.#pick(SAVING.theFile, () => window.showSaveFilePicker!({ id: PICKER, suggestedName: ZIP, types }));
    if (!place) return;
    this.#enqueue(async (job) => {
      const files = await this.#makeAll(job);
      await saveToFile(place, zipOf(files, written(files, job)), job.signal);
      return SAVING.asFile(summary(files), place.name);
    });
  }

  async #downloadZip(job: Job): Promise<string> {
    const files = await this.#makeAll(job);
    const headers = { 'Content-Type': 'application/zip' };
    downloadBlob(await new Response(zipOf(files, written(files, job)), { headers }).blob(), ZIP);
    return SAVING.zipped(summary(files), ZIP);
  }

  // --- jobs ------------------------------------------------------------------------------------

  /** Pickers open at once or never, since a browser wants them to follow from a press. To dismiss one is no failure. */
  async #pick<Handle>(place: string, picker: () => Promise<Handle>): Promise<Handle | null> {
    try {
      return await picker();
    } catch (error) {
      if ((error as Error).name !== 'AbortError')
        this.#tell({ kind: 'failed', problem: asProblem(unwritable(error, place, [])) });
      return null;
    }
  }

  #enqueue(task: (job: Job) => Promise<string>): void {
    this.#jobs = this.#jobs.then(() => this.#perform(task));
  }

  async #perform(task: (job: Job) => Promise<string>): Promise<void> {
    if (this.#closed) return;
    const stop = (this.#stop = new AbortController());
    const startedAt = performance.now();
    const show: Job['show'] = (text, done, total, figures = SAVING.of(done, total)) => {
      if (stop.signal.aborted || performance.now() - startedAt < SHOWN_AFTER_MS) return;
      this.#tell({ kind: 'running', text, figures, share: total === 0 ? 0 : Math.min(1, done / total) });
    };
    try {
      this.#tell({ kind: 'done', text: await task({ signal: stop.signal, show }) });
    } catch (error) {
      this.#tell(stop.signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', problem: asProblem(error) });
    } finally {
      stop.abort(); // a file that nobody reads any more is not kept
      this.#stop = null;
    }
  }

  #tell(saving: Saving): void {
    if (this.#closed) return;
    this.#change({ saving });
    if (saving.kind === 'done') this.#announce(saving.text);
    else if (saving.kind === 'failed') this.#announce(`${SAVING.failed} ${saving.problem.message}`);
    else if (saving.kind === 'cancelled') this.#announce(SAVING.cancelledSpoken);
  }

  // --- what is saved ---------------------------------------------------------------------------

  async #make(path: string, job: Job): Promise<FileToSave> {
    if (path === MANIFEST) return asFile(await this.#makeManifest(await this.#digestAll(job), job));
    const state = this.#states.get(path);
    return this.#asFile(path, state?.kind === 'ready' ? state.digest.bytes : 0, job);
  }

  /** Every file listed now, manifest.json last. */
  async #makeAll(job: Job): Promise<FileToSave[]> {
    const hashed = await this.#digestAll(job);
    const manifest = await this.#makeManifest(hashed, job);
    return [...hashed.map((file) => this.#asFile(file.path, file.bytes, job)), asFile(manifest)];
  }

  #asFile(path: string, size: number, { signal }: Job): FileToSave {
    return { path, bytes: size, open: () => streamOf(this.#dataset, path, signal) };
  }

  async #digestAll({ signal, show }: Job): Promise<HashedFile[]> {
    const files = this.#files;
    const hashed: HashedFile[] = [];
    for (const [i, file] of files.entries()) {
      show(SAVING.hashing(file.path, i + 1, files.length), i, files.length, '');
      hashed.push(await unlessAborted(this.#digest(file), signal));
    }
    return hashed;
  }

  async #makeManifest(hashed: readonly HashedFile[], { signal, show }: Job): Promise<Uint8Array> {
    if (this.#manifest) return this.#manifest;
    const listing = this.#listings;
    const made = await this.#dataset.manifest(hashed, {
      signal,
      onProgress: ({ bytesRead, bytesTotal }) => show(SAVING.hashingInput(MANIFEST), bytesRead, bytesTotal ?? bytesRead),
    });
    if (listing === this.#listings) {
      this.#manifest = made;
      this.#change({ manifestBytes: made.length });
    }
    return made;
  }

  // --- digests ---------------------------------------------------------------------------------

  async #measure(listing: number): Promise<void> {
    for (const file of this.#files) {
      if (listing !== this.#listings || this.#closed) return;
      if (isQuick(this.#dataset.report, file)) await this.#digest(file).catch(() => undefined);
    }
  }

  /** Made once; the list shows how far it is. */
  #digest(file: OutputFile): Promise<HashedFile> {
    let digest = this.#digests.get(file.path);
    if (!digest) {
      digest = this.#digestNow(file);
      this.#digests.set(file.path, digest);
    }
    return digest;
  }

  async #digestNow(file: OutputFile): Promise<HashedFile> {
    this.#set(file, { kind: 'measuring' });
    try {
      const digest = await this.#dataset.digest(file.path);
      this.#set(file, { kind: 'ready', digest });
      return { ...file, ...digest };
    } catch (error) {
      this.#set(file, { kind: 'failed', problem: asProblem(error) });
      throw error;
    }
  }

  #set({ path }: OutputFile, state: Output['state']): void {
    if (this.#closed) return;
    this.#states.set(path, state);
    this.#change({ outputs: this.#outputs() });
  }

  #outputs(): Output[] {
    return this.#files.map((file) => ({ file, state: this.#states.get(file.path) ?? { kind: 'waiting' } }));
  }
}

/** Empty where the browser has no digests, as on a server without TLS; the report then leaves it out. */
async function sha256(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (!subtle) return '';
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes as BufferSource));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function asFile(manifest: Uint8Array): FileToSave {
  const blob = new Blob([manifest as BlobPart]);
  const open = () =>
    new ReadableStream<Blob>({
      start(controller) {
        controller.enqueue(blob);
        controller.close();
      },
    });
  return { path: MANIFEST, bytes: blob.size, open };
}

function written(files: readonly FileToSave[], job: Job): (file: number, size: number) => void {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let done = 0;
  return (i, size) => job.show(SAVING.writing(files[i]!.path, i + 1, files.length), (done += size), total);
}

function summary(files: readonly FileToSave[]): string {
  return SAVING.files(
    files.length,
    files.reduce((sum, file) => sum + file.bytes, 0),
  );
}

/** Padded tensors are as large as their longest row times all rows, however few events there are. */
function isQuick({ input, all, sequenceLength, plan }: Report, { format }: OutputFile): boolean {
  const cells = all.sessions * (plan.output.padTo ?? sequenceLength?.max ?? 0);
  return input.events <= MEASURED_EVENTS && (format !== 'safetensors-padded' || cells <= MEASURED_CELLS);
}

/** The worker cannot hear a stop while it makes a file; whoever waits for it can. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
    promise.then(resolve, reject);
  });
}
