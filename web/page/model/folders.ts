/** The files below folders that were dropped or chosen. What of them is taken, and in which order, the engine says. */

export interface FolderFile {
  file: File;
  /** From the folder on: `events/date=2025-09-05/part-0.csv`. */
  path: string;
}

export interface FolderFiles {
  files: FolderFile[];
  /** Files and folders that were not taken for their names. */
  passedOver: number;
}

/** Which of these paths are taken; src/ingest/file_search.h. */
export type Choose = (paths: string[]) => Promise<{ taken: ArrayLike<number>; passedOver: number }>;

/** Of files that a browser listed with all folders between. */
export async function chosenFiles(files: readonly FolderFile[], choose: Choose): Promise<FolderFiles> {
  const { taken, passedOver } = await choose(files.map(({ path }) => path));
  return { files: Array.from(taken, (i) => files[i]!), passedOver };
}

/** Of a folder that was dropped. A folder that is not taken is not looked into. */
export async function filesBelow(folder: FileSystemDirectoryEntry, choose: Choose): Promise<FolderFiles> {
  const files: FolderFile[] = [];
  let passedOver = 0;
  const open = [{ folder, path: folder.name }];
  for (let at; (at = open.pop()); ) {
    const { path } = at;
    const entries = await entriesOf(at.folder);
    const chosen = await choose(entries.map(({ name }) => `${path}/${name}`));
    passedOver += chosen.passedOver;
    const taken = Array.from(chosen.taken, (i) => entries[i]!);
    for (const entry of taken) {
      if (isFolder(entry)) open.push({ folder: entry, path: `${path}/${entry.name}` });
    }
    const plain = taken.filter((entry) => !isFolder(entry));
    files.push(
      ...(await Promise.all(plain.map(async (entry) => ({ file: await fileOf(entry), path: `${path}/${entry.name}` })))),
    );
  }
  return { ...(await chosenFiles(files, choose)), passedOver };
}

export function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

export function fileOf(entry: FileSystemEntry): Promise<File> {
  return new Promise((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
}

/** A browser gives a hundred of them at once, and none at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return all;
    all.push(...entries);
  }
}
