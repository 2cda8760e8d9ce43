/** What the engine's module has, as types; src/bindings/embind.cpp defines it. */
import type { SplitColumns, TableFormatInfo, Vocabulary, Where } from '../types/index.js';

export interface Failure {
  code: string;
  message: string;
  where: Where;
}

/** A range of a file's bytes. */
export interface Range {
  offset: number;
  size: number;
}

/** Looks at the start of a file that is read by ranges. */
export interface EngineInspection {
  wanted(): Range | null;
  window(size: number): number;
  commit(size: number): void;
  result(): string;
  delete(): void;
}

/** One run inside the engine; `delete()` frees its memory. */
export interface EngineRun {
  /** `size`: null where the file cannot be read by ranges; `found`: named by its place below a folder that was given. */
  beginFile(name: string, size: number | null, found: boolean): void;
  /** So many names were not taken when the files were looked for. */
  passOver(count: number): void;
  /** The range that has to come next, through window() and commit(); null: the bytes in order, or no more. */
  wanted(): Range | null;
  /** Address of room for `size` bytes, good until the next call. */
  window(size: number): number;
  commit(size: number): Failure | null;
  /** How many threads that have been started it may take, with the caller's; before its first step. */
  useThreads(count: number): void;
  /**
   * Whether the rest of the file at hand is read on threads, by readChunks(). `file`: what each thread reads it by, a descriptor in
   * Node and elsewhere the number of a Blob (shared-blobs.ts).
   */
  beginChunks(file: number, size: number, chunkBytes: number): boolean;
  /** For about so long. Without more and short of the end, the file cannot be read any more. */
  readChunks(milliseconds: number): { failure: Failure | null; more: boolean };
  /** Bytes of the file that have been read. */
  position(): number;
  endFile(): Failure | null;
  /** The files as they were given, an archive as one. */
  inputs(): { name: string; bytes: number }[];
  /** Before the first file. */
  keepEvents(): void;
  keepsEvents(): boolean;
  /** Instead of files; false if the other run keeps no events or its plan reads otherwise. */
  startFrom(earlier: EngineRun): boolean;
  stage(): string;
  advance(): Failure | null;
  /** JSON texts: of all but the files, and of a list of these from one on. */
  report(): string;
  reportFiles(begin: number, most: number): string;
  /** JSON text; empty unless the run was created with an audit. */
  audit(): string;
  /** One HTML page, of a run with an audit; `manifestSha256`: empty where there is no manifest. */
  reportHtml(exactCounts: boolean, manifestSha256: string): string;
  /** Of a run with an audit: JSON texts. */
  estimate(): string;
  blindAudit(): string;
  /** JSON texts, as the query is. The row has to be one of a run that keeps its events. */
  listSessions(queryJson: string): string;
  lookAt(row: number): string;
  vocabulary(): Vocabulary;
  split(part: string): SplitColumns | Failure;
  write(path: string, onPiece: (bytes: Uint8Array) => void): Failure | null;
  digest(path: string): { bytes: number; sha256: string } | Failure;
  manifest(inputSha256: string[], outputs: { path: string; format: string; bytes: number; sha256: string }[]): string;
  delete(): void;
}

/** The files of a folder or of a pattern; src/ingest/file_search.h. */
export interface EngineFileSearch {
  /** The one to be listed next. */
  folder(): string | null;
  /** False: it need not be listed. */
  begin(identity: string): boolean;
  /** `kind`: 0 a file, 1 a folder, 2 a link to a folder, 3 anything else. */
  add(name: string, kind: number): void;
  /** `before`: what of each path is no part of the file's name. */
  found(): { paths: string[]; before: string; passedOver: number } | { error: Failure };
  delete(): void;
}

export interface EngineHasher {
  window(size: number): number;
  update(size: number): void;
  hex(): string;
  delete(): void;
}

export interface EngineSimulation {
  next(onPiece: (bytes: Uint8Array) => void): boolean;
  /** JSON text. */
  truth(): string;
  delete(): void;
}

/** A worker, of a browser or of Node, for one of the engine's threads. */
export interface ThreadWorker {
  postMessage(message: unknown): void;
  terminate(): unknown;
  onerror: ((event: never) => void) | null;
  /** Node's: whether its process stays for it. */
  unref?(): void;
}

/** What the glue of the engine knows of its threads. */
export interface EngineThreads {
  unusedWorkers: ThreadWorker[];
  runningWorkers: ThreadWorker[];
  /** Fulfilled when the worker can be taken. */
  loadWasmModuleToWorker(worker: ThreadWorker): Promise<unknown>;
}

/** What the engine calls of its codecs; addresses are the engine's. */
export interface CodecBridge {
  open(library: number): number;
  step(stream: number, input: number, inputSize: number, room: number, roomSize: number, progress: number): number;
  reset(stream: number): void;
  close(stream: number): void;
}

/** The estimate of a finished table; `delete()` frees its memory. Its files are put into it as into a run. */
export interface EngineTable {
  beginFile(name: string, size: number | null): void;
  wanted(): Range | null;
  window(size: number): number;
  commit(size: number): Failure | null;
  endFile(): Failure | null;
  /** As estimateText() of a run, with its notices. */
  estimate(
    json: boolean,
    columns: string,
    terminal: number,
  ): { text: string; refusal: string; notices: string } | { error: Failure };
  delete(): void;
}

/** The words of a command; src/text/arguments.h. */
export interface EngineArguments {
  command: string;
  files: string[];
  settings: string[];
  /** By name, without "--"; a flag's value is empty. */
  options: { readonly [name: string]: string };
  /** Those of simulate, as the engine calls them. */
  simulation: { readonly [name: string]: string };
}

export interface Engine {
  wasmMemory: WebAssembly.Memory;
  /** Of an engine with threads. */
  PThread?: EngineThreads;
  /** Null for a plan that completePlan refuses. */
  createRun(planJson: string, audit: boolean): EngineRun | null;
  completePlan(planJson: string): { plan: string } | { error: Failure };
  /** JSON text: the keys of the plan, in its order. */
  planKeys(): string;
  inspect(
    name: string,
    bytes: Uint8Array,
    last: boolean,
    planJson: string,
    rows: number,
    size: number | null,
  ): { inspection: string } | { error: Failure };
  /** Whether a file that begins so needs the codecs; with fewer than four bytes, whether it may. */
  needsCodecs(start: Uint8Array): boolean;
  /** Set by loadCodecs. */
  codecs?: CodecBridge;
  FileSearch: new (word: string, pattern: boolean) => EngineFileSearch;
  isPattern(word: string): boolean;
  /** Of all paths below a folder: which are taken, in their order. */
  chooseFiles(paths: readonly string[]): { taken: Uint32Array; passedOver: number };
  /** JSON text, in and out: types with their rows, and the roles that they may have. */
  guessRoles(typesJson: string): string;
  /** Where a file of a manifest may be below a folder. */
  placesOf(name: string): string[];
  /** Whether a file that begins with these bytes is read by ranges. */
  needsRanges(start: Uint8Array): boolean;
  /** Null for a plan that completePlan refuses. */
  inspectRanges(name: string, start: Uint8Array, size: number, planJson: string, rows: number): EngineInspection | null;
  listOutputs(formats: string[]): { path: string; format: string; part: string | null }[];
  listFormats(): TableFormatInfo[];
  Hasher: new () => EngineHasher;
  /**
   * Options are names and texts in turns; null for those that the other two take.
   */
  checkSimulation(words: string[]): Failure | null;
  Simulation: new (words: string[], withTruth: boolean) => EngineSimulation;
  /** JSON text. */
  simulateTruth(words: string[]): string;
}

/** The engine of the command in Node, which has besides what terminals say and accept; src/bindings/command.cpp defines it. */
export interface CommandEngine extends Engine {
  /** As a terminal shows them; `outputs`: the files that were written. */
  reportText(run: EngineRun, folder: string, outputs: readonly { path: string; bytes: number }[]): string;
  /** By the environment's COLUMNS and those of the terminal, 0 if there is none. */
  auditText(run: EngineRun, columns: string, terminal: number): string;
  blindText(run: EngineRun, columns: string, terminal: number): string;
  /** As JSON where that is asked for; with why there is no estimate, or "". */
  estimateText(run: EngineRun, json: boolean, columns: string, terminal: number): { text: string; refusal: string };
  /** Null for a plan that a table can be read by; of a complete one. */
  checkTable(planJson: string): Failure | null;
  /** `options`: names of the command's and their texts in turns. Null for a plan that checkTable refuses. */
  createTable(options: readonly string[], planJson: string): EngineTable | null;
  /** Of two runs with audits: JSON text, and as a terminal shows it; `file`: of the other run's plan. */
  comparison(run: EngineRun, against: EngineRun): string;
  comparisonText(run: EngineRun, against: EngineRun, file: string, columns: string, terminal: number): string;
  noticesText(run: EngineRun): string;
  /** What a terminal says of a key or of a section; of all keys for an empty path. */
  planKeyHelp(path: string): { help: string } | { error: Failure };
  /** The plan that a command's options give, as JSON text: that of a file, then a profile, then the settings on top of it. */
  planOfWords(
    text: string | null,
    file: string,
    profile: string | null,
    settings: readonly string[],
  ): { plan: string } | { error: Failure };
  /** The plan of a file, which another one, complete, is to be compared with; whether both read events alike. */
  planAgainst(text: string, file: string, planJson: string): { plan: string; readsAlike: boolean } | { error: Failure };
  readTwiceText(file: string): string;
  /** How the command is used, and the words of one use of it. */
  usage(): string;
  readArguments(words: readonly string[]): EngineArguments | { error: Failure };
  /** What standard error says of a refusal, and how the command ends. */
  refusal(code: string, message: string): { text: string; exitCode: number };
  inspectionText(inspectionJson: string): string;
  verifiedText(inputs: number, outputs: number): string;
  /** `effect`: null where no truth was written. */
  simulationText(path: string, events: number, bytes: number, truthPath: string, effect: number | null): string;
}
