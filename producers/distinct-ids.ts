/**
 * Counts distinct node ids without keeping them: a scope may have millions, and an id that is kept may keep the whole
 * answer that it was cut from. It keeps 53 bits of a hash of each; should two ever be equal (one chance in 10^4 for a
 * million ids), the count is one too low, which makes the loaders' check a little laxer and no more.
 */
export class DistinctIds {
  /** A table with open addressing; 0 is free. A Set would make an object of each number. */
  #table = new Float64Array(FIRST_SLOTS);
  #size = 0;

  add(id: string): void {
    if (!insert(this.#table, hash53(id))) return;
    this.#size++;
    if (2 * this.#size <= this.#table.length) return;
    const larger = new Float64Array(2 * this.#table.length);
    for (const hash of this.#table) if (hash !== 0) insert(larger, hash);
    this.#table = larger;
  }

  get size(): number {
    return this.#size;
  }
}

/** A power of two, as all sizes of the table are. */
const FIRST_SLOTS = 64;

/** False for one that is there already. */
function insert(table: Float64Array, hash: number): boolean {
  const mask = table.length - 1;
  let slot = hash & mask;
  for (let found = table[slot]; found !== 0; found = table[slot]) {
    if (found === hash) return false;
    slot = (slot + 1) & mask;
  }
  table[slot] = hash;
  return true;
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
  return (finish(a ^ (b >>> 7)) >>> 11) * 2 ** 32 + (finish(b) >>> 0) || 1;
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
