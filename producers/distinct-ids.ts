/**
 * Counts distinct node ids without keeping them: a scope may have millions, and an id that is kept may keep the whole
 * answer that it was cut from. It keeps 53 bits of a hash of each; should two ever be equal (one chance in 10^4 for a
 * million ids), the count is one too low, which makes the loaders' check a little laxer and no more.
 */
export class DistinctIds {
  readonly #hashes = new Set<number>();

  add(id: string): void {
    this.#hashes.add(hash53(id));
  }

  get size(): number {
    return this.#hashes.size;
  }
}

/*
 * Two chains of 32 bits, each as FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) with a multiplier of its own, and
 * MurmurHash3's finish. Nobody gains from making ids collide, and a cryptographic hash takes twenty times as long.
 */
function hash53(text: string): number {
  let a = 0x811c9dc5;
  let b = 0x9747b28c ^ text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
    b ^= b >>> 15;
  }
  return (finish(a ^ (b >>> 7)) >>> 11) * 2 ** 32 + (finish(b) >>> 0);
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
