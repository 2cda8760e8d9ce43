/** The files that a run can write. */
import type { PartName, Plan } from './plan.js';
import type { Notice } from './report.js';

/** What `listFormats` lists; the notebook's two first. */
export type TableFormat =
  | 'parquet'
  | 'pickle'
  | 'jsonl'
  | 'parquet-flat'
  | 'csv'
  | 'arrow'
  | 'arrow-stream'
  | 'npz'
  | 'safetensors'
  | 'safetensors-padded'
  | 'covariates'
  | 'covariates-csv';

/** A format as a form shows it. */
export interface TableFormatInfo {
  name: TableFormat;
  label: string;
  /** Without the dot. */
  extension: string;
  description: string;
  /** It can be written only where the plan's index.kind is not "session". */
  needsTimeZero: boolean;
}

/** A file that a run can write; `path` is below the output folder. */
export interface OutputFile {
  path: string;
  format: TableFormat | 'vocabulary' | 'metadata' | 'dictionary' | 'audit';
  part: PartName | null;
}

/** Of a file's bytes; SHA-256 as 64 lower-case hexadecimal digits. */
export interface Digest {
  bytes: number;
  sha256: string;
}

export interface HtmlReportOptions {
  /** 'exact': counts below 5 too, which are else shown as "<5". */
  counts?: 'suppressed' | 'exact' | undefined;
  /** SHA-256 of the manifest that is written beside the files. */
  manifestSha256?: string | undefined;
}

/** A file with its digest. */
export interface HashedFile extends OutputFile, Digest {}

/** manifest.json: what a run read, did and wrote. */
export interface Manifest {
  engine: { name: string; version: string };
  plan: Plan;
  inputs: { name: string; bytes: number; sha256: string }[];
  rows: {
    read: number;
    leftOut: number;
    leftOutByReason: Record<string, number>;
    events: number;
    sessions: { created: number; tooShort: number; eventsInTooShort: number; kept: number };
    splits: Record<PartName, { users: number; sessions: number; treated: number; outcomes: number }>;
  };
  notices: Notice[];
  outputs: { path: string; format: string; bytes: number; sha256: string }[];
}
