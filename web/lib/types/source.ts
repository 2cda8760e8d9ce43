/** What a caller may give as input. */

/**
 * A table as one array a column, all of one length: `{user_id: ['a', 'b'], event_time: Float64Array.of(5, 6)}`. Cells are
 * read as those of rows are: Dates are times, BigInts keep their digits; undefined and NaN are missing, as null is.
 */
export type ColumnArrays = Readonly<Record<string, readonly unknown[] | ArrayLike<number> | ArrayLike<bigint>>>;

/**
 * One file of a source: bytes or text, a Blob or File, a stream, rows, or columns. An apache-arrow Table is given as the
 * bytes `tableToIPC(table)` makes of it.
 */
export type SourceItem =
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | string
  | ReadableStream<Uint8Array>
  | NamedSource
  | UrlSource
  | URL
  | readonly object[]
  | ColumnArrays;

/** A source with a name for messages. */
export interface NamedSource {
  name: string;
  /** The name is that of a file below a folder, as `events/date=2025-09-05/part-0.csv`, and the manifest has all of it. */
  below?: true;
  data: Blob | ArrayBuffer | ArrayBufferView | string | ReadableStream<Uint8Array>;
}

/**
 * A file by its address, which is fetched: by ranges where the server gives them, so that of a Parquet file only what is needed
 * comes. A change of the file in between is refused. `name`: for messages; the address without its query unless it is set.
 */
export interface UrlSource {
  url: string | URL;
  name?: string;
}

/** One file, or several that are read as one stream in the given order. A string is the file's text, not a path. */
export type Source = SourceItem | readonly SourceItem[];
