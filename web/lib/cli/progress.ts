/** One line on a terminal that says how far a run has come; nothing where nobody watches. */
import type { WriteStream } from 'node:tty';
import type { Progress } from '../types/index.js';

const BAR_CELLS = 24;
const MIN_MILLISECONDS = 80;

export class ProgressLine {
  readonly #stream: WriteStream;
  readonly #quiet: boolean;
  readonly #started = performance.now();
  #shownAt = -Infinity;
  #dirty = false;

  constructor(stream: WriteStream, quiet: boolean) {
    this.#stream = stream;
    this.#quiet = quiet || !stream.isTTY;
  }

  show(progress: Progress): void {
    const now = performance.now();
    const reading = progress.stage === 'reading';
    if (reading && now - this.#shownAt < MIN_MILLISECONDS) return;
    this.#shownAt = now;
    const { bytesRead, bytesTotal } = progress;
    const seconds = (now - this.#started) / 1000;
    const rate = bytesRead / Math.max(seconds, 1e-3);
    if (!reading || bytesTotal === null || bytesTotal === 0) {
      return this.showText(`${progress.stage}  ${megabytes(bytesRead)}`);
    }
    const share = Math.min(1, bytesRead / bytesTotal);
    const filled = Math.round(share * BAR_CELLS);
    const left = Math.ceil((bytesTotal - bytesRead) / rate);
    this.showText(
      `${progress.stage} [${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}] ${Math.floor(share * 100)} %  ` +
        `${megabytes(bytesRead)} of ${megabytes(bytesTotal)}  ${megabytes(rate)}/s  ${left} s left`,
    );
  }

  showText(text: string): void {
    if (this.#quiet) return;
    this.#stream.write(`\r\x1b[K${text.slice(0, (this.#stream.columns ?? 80) - 1)}`);
    this.#dirty = true;
  }

  clear(): void {
    if (this.#dirty) this.#stream.write('\r\x1b[K');
    this.#dirty = false;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
