/** A name and its expression. */
export type HclArgument = readonly [name: string, expression: string];

/** A block of Terraform's language, laid out as `terraform fmt` does. */
export function renderBlock([type, ...labels]: readonly string[], items: readonly HclArgument[]): string {
  const head = [type, ...labels.map((label) => JSON.stringify(label))].join(' ');
  return `${head} {\n${renderItems(items, '  ')}\n}`;
}

/** A call with one value, on the level of a block's arguments. */
export function renderCall(name: string, value: unknown): string {
  return `${name}(${renderValue(value, '  ')})`;
}

function renderValue(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => renderValue(item, inner));
    const line = `[${items.join(', ')}]`;
    return items.length <= 1 && !line.includes('\n')
      ? line
      : `[\n${items.map((item) => `${inner}${item},\n`).join('')}${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const items = Object.entries(value).map(([name, item]): HclArgument => [
    /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name),
    renderValue(item, inner),
  ]);
  return `{\n${renderItems(items, inner)}\n${indent}}`;
}

/** The equals signs of neighbours on one line each stand below each other. */
function renderItems(items: readonly HclArgument[], indent: string): string {
  const isLine = ([, expression]: HclArgument): boolean => !expression.includes('\n');
  return items
    .map((item, index) => {
      const [name, expression] = item;
      if (!isLine(item)) return `${indent}${name} = ${expression}`;
      let [first, last] = [index, index];
      while (first > 0 && isLine(items[first - 1]!)) first--;
      while (last + 1 < items.length && isLine(items[last + 1]!)) last++;
      const width = Math.max(...items.slice(first, last + 1).map(([other]) => other.length));
      return `${indent}${name.padEnd(width)} = ${expression}`;
    })
    .join('\n');
}
