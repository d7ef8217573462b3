/** Of the known names those that resemble the wrong one, the nearest first; at most three. */
export function nearMatches(wrong: string, known: readonly string[]): string[] {
  const wanted = wrong.toLowerCase();
  return known
    .map((name) => ({
      name,
      distance: isPart(wanted, name.toLowerCase()) ? 0 : editDistance(wanted, name.toLowerCase()),
    }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

function isPart(wanted: string, name: string): boolean {
  return wanted.length >= 3 && name.includes(wanted);
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}
