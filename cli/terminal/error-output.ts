import readline from 'node:readline';

/** Standard error, or what stands in for it in a test. */
export interface ErrorStream {
  write(text: string): unknown;
  isTTY?: boolean;
  /** Of both, 0 is of a terminal that does not know its size, e.g. one that a program made for another. */
  columns?: number;
  rows?: number;
}

/** What is said to people: lines that stay, and on a terminal a region below them that is drawn again and again. */
export class ErrorOutput {
  readonly #stream: ErrorStream;
  #drawn: readonly string[] = [];

  constructor(stream: ErrorStream = process.stderr) {
    this.#stream = stream;
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true && process.env['TERM'] !== 'dumb';
  }

  /** How many lines a region may have, so that it can be drawn again in its place. */
  get rows(): number {
    return Math.max(3, (this.#stream.rows || 24) - 2);
  }

  /** Text that stays, above the region. */
  write(text: string): void {
    const region = this.#drawn;
    this.draw([]);
    this.#stream.write(text.endsWith('\n') ? text : `${text}\n`);
    this.draw(region);
  }

  /** Replaces the region; nothing off a terminal. */
  draw(lines: readonly string[]): void {
    if (!this.isTerminal) return;
    if (this.#drawn.length > 0) {
      const stream = this.#stream as unknown as NodeJS.WritableStream;
      readline.moveCursor(stream, 0, -this.#drawn.length);
      readline.cursorTo(stream, 0);
      readline.clearScreenDown(stream);
    }
    this.#drawn = lines;
    const columns = this.#stream.columns || 80;
    // A line that wraps would take two of the lines that are gone over.
    if (lines.length > 0) this.#stream.write(lines.map((line) => `${line.slice(0, columns - 1)}\n`).join(''));
  }
}
