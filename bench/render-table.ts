import type { Result } from './result.ts';

/** Results as a Markdown table. */
export function renderTable(results: readonly Result[]): string {
  const rows = results.map(({ name, unit, ours, bare, ratio, note }) => [
    name,
    `${round(ours)} ${unit}`,
    bare === undefined ? '' : `${round(bare)}`,
    ratio === undefined ? '' : ratio.toFixed(2),
    note,
  ]);
  const lines = [['what', 'ours', 'bare loop', 'ratio', ''], ['---', '---', '---', '---', '---'], ...rows];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1);
}
