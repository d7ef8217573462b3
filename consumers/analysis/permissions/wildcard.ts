/**
 * Makes the test whether a text matches a pattern of a policy: `*` stands for any characters, `?` for one or none, case is
 * of no matter. Takes at most pattern times text steps, whatever the pattern.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html says "one" for `?`; Cartography
 * takes "one or none".
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const lower = pattern.toLowerCase();
  if (/^\*+$/.test(lower)) return () => true;
  const wildcard = /[*?]/.exec(lower)?.index;
  if (wildcard === undefined) return (text) => text.toLowerCase() === lower;
  const before = lower.slice(0, wildcard);
  const rest = lower.slice(wildcard);
  if (/^\*+$/.test(rest)) return (text) => text.toLowerCase().startsWith(before);
  return (text) => {
    const all = text.toLowerCase();
    return all.startsWith(before) && matches(rest, all.slice(before.length));
  };
}

function matches(pattern: string, text: string): boolean {
  /** Whether the pattern's characters before each place can stand for the text so far. */
  let reached = passOptional(pattern, placesOf(pattern, 0));
  for (const character of text) {
    const next = placesOf(pattern);
    for (let place = 0; place < pattern.length; place++) {
      if (reached[place] === 0) continue;
      const expected = pattern[place];
      if (expected === '*') next[place] = 1;
      else if (expected === '?' || expected === character) next[place + 1] = 1;
    }
    reached = passOptional(pattern, next);
  }
  return reached[pattern.length] === 1;
}

function placesOf(pattern: string, first?: number): Uint8Array {
  const places = new Uint8Array(pattern.length + 1);
  if (first !== undefined) places[first] = 1;
  return places;
}

/** Both wildcards may stand for nothing. */
function passOptional(pattern: string, places: Uint8Array): Uint8Array {
  for (let place = 0; place < pattern.length; place++)
    if (places[place] === 1 && (pattern[place] === '*' || pattern[place] === '?')) places[place + 1] = 1;
  return places;
}
