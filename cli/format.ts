const numbers = new Intl.NumberFormat('en-US');

export function formatCount(count: number | bigint): string {
  return numbers.format(count);
}

/** `1 account`, `2 accounts`. */
export function formatNumberOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `850 ms` is `0.9 s`; above two minutes in minutes. */
export function formatSeconds(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** How long ago, in the largest unit that fits: `3 h`. */
export function formatAge(seconds: number): string {
  const units: [number, string][] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
  ];
  const found = units.find(([size]) => seconds >= size);
  return found === undefined
    ? `${Math.max(0, Math.round(seconds))} s`
    : `${Math.floor(seconds / found[0])} ${found[1]}`;
}

/** Columns of the same width, numbers to the right; without trailing blanks. */
export function formatTable(rows: readonly (readonly (string | number | bigint)[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : formatCount(cell))));
  const columns = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const isNumeric = widths.map((_, column) =>
    rows.some((row) => typeof row[column] === 'number' || typeof row[column] === 'bigint'),
  );
  return cells.map((row) =>
    row
      .map((cell, column) =>
        isNumeric[column] === true ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}
