/** Whole seconds since the epoch: the graph's dates of KMS and of launch templates. */
export function epochSeconds(date: Date | undefined): number | null {
  return date === undefined ? null : Math.floor(date.getTime() / 1000);
}
