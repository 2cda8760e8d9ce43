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
  | readonly object[]
  | ColumnArrays;

/** A source with a name for messages. */
export interface NamedSource {
  name: string;
  data: Blob | ArrayBuffer | ArrayBufferView | string | ReadableStream<Uint8Array>;
}

/** One file, or several that are read as one stream in the given order. A string is the file's text, not a path. */
export type Source = SourceItem | readonly SourceItem[];
