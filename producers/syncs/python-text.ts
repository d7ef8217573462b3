/**
 * Text in the form that Python gives it. Users' queries compare these values, so they must be the same to the letter as
 * those that Cartography, which is written in Python, puts into the graph.
 */

/** `str(datetime)` for a date in UTC: 2024-01-31 09:30:00+00:00, with microseconds if there are any. */
export function dateText(date: Date): string {
  const iso = date.toISOString();
  const milliseconds = iso.slice(20, 23);
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${milliseconds === '000' ? '' : `.${milliseconds}000`}+00:00`;
}

/** `datetime.isoformat()` for a date in UTC: 2024-01-31T09:30:00+00:00. */
export function isoText(date: Date): string {
  return dateText(date).replace(' ', 'T');
}

/** `json.dumps(value)`: a blank after colons and commas, ASCII only. */
export function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, one]) => `${quoted(key)}: ${jsonText(one)}`);
    return `{${entries.join(', ')}}`;
  }
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value);
}

function quoted(text: string): string {
  const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, escape);
}
