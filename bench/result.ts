/** One line of the table. */
export interface Result {
  name: string;
  unit: string;
  ours: number;
  /** What the bare loop reached in the same run; undefined where there is nothing to compare with. */
  bare?: number;
  /** Above 1: better than the bare loop. */
  ratio?: number;
  note: string;
}
