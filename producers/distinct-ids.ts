import { hash } from 'node:crypto';

/**
 * Counts distinct node ids without keeping them: a scope may have millions, and an id that is kept may keep the whole
 * answer that it was cut from. It keeps 53 bits of a hash of each; should two ever be equal (one chance in 10^4 for a
 * million ids), the count is one too low, which makes the loaders' check a little laxer and no more.
 */
export class DistinctIds {
  readonly #hashes = new Set<number>();

  add(id: string): void {
    const digest = hash('sha1', id, 'buffer');
    this.#hashes.add(digest.readUIntBE(0, 6) * 32 + ((digest[6] as number) & 31));
  }

  get size(): number {
    return this.#hashes.size;
  }
}
