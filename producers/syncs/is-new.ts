/** Whether this id is met for the first time: what several records name is told once per scope. */
export function isNew(seen: Set<string>, id: string): boolean {
  return seen.size < seen.add(id).size;
}
