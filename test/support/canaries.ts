import { randomBytes } from 'node:crypto';

export interface Leak {
  canary: string;
  output: string;
}

/** Made-up secrets, and a search for them in all that comes out. */
export class Canaries {
  readonly #forms = new Map<string, Buffer[]>();
  readonly leaks: Leak[] = [];
  outputs = 0;
  bytes = 0;

  /** A new secret, of letters and digits alone: quoted or percent-encoded it looks the same. */
  make(name: string): string {
    const secret = `Canary${randomBytes(12).toString('hex')}`;
    this.#forms.set(name, formsOf(secret));
    return secret;
  }

  get count(): number {
    return this.#forms.size;
  }

  /** Looks for each secret, as it is and encoded. */
  search(output: string, content: string | Buffer | null): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : (content ?? Buffer.alloc(0));
    this.outputs++;
    this.bytes += bytes.length;
    for (const [canary, forms] of this.#forms)
      if (forms.some((form) => bytes.includes(form))) this.leaks.push({ canary, output });
  }

  report(): string {
    return `searched ${this.outputs} outputs of ${this.bytes} bytes for ${this.count} canaries: ${this.leaks.length} leaks`;
  }
}

/** As text, in base64 wherever it stands in what is encoded (each of three alignments, without the ends), and in hexadecimal. */
function formsOf(secret: string): Buffer[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.from('\0'.repeat(before) + secret).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6) + 1, encoded.length - 4);
  });
  const hex = Buffer.from(secret).toString('hex');
  return [secret, ...inBase64, hex, hex.toUpperCase()].map((text) => Buffer.from(text));
}
