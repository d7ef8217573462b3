import type { Progress } from '../../producers/progress.ts';

export interface AccountProgress {
  id: string;
  name: string;
  state: 'waiting' | 'running' | 'ended';
  scopesDone: number;
  scopesTotal: number;
  /** Scopes that failed or were denied. */
  scopesFailed: number;
  records: number;
  startedAtMs: number;
  endedAtMs: number | undefined;
}

/** What a run has done so far, as its events tell it. Times in milliseconds of one clock. */
export class ProgressState {
  readonly accounts = new Map<string, AccountProgress>();
  /** Records left, by stage. */
  lag: Readonly<Record<string, number>> = {};
  #startedAtMs: number | undefined;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  apply(progress: Progress): void {
    this.#startedAtMs ??= this.#now();
    switch (progress.kind) {
      case 'run-started':
        for (const { id, name } of progress.accounts) this.#account(id, name);
        return;
      case 'hierarchy-ended':
        return;
      case 'account-started': {
        const account = this.#account(progress.accountId, progress.name);
        account.state = 'running';
        account.scopesTotal = progress.scopesTotal;
        account.startedAtMs = this.#now();
        return;
      }
      case 'scope-ended': {
        const account = this.#account(progress.accountId, '');
        account.scopesDone = progress.scopesDone;
        account.scopesTotal = progress.scopesTotal;
        account.records += progress.records;
        if (progress.outcome === 'failed' || progress.outcome === 'denied') account.scopesFailed++;
        return;
      }
      case 'account-ended': {
        const account = this.#account(progress.accountId, progress.name);
        account.state = 'ended';
        account.endedAtMs = this.#now();
        return;
      }
    }
  }

  totals(): {
    accounts: number;
    accountsDone: number;
    scopes: number;
    scopesDone: number;
    records: number;
    recordsPerSecond: number;
  } {
    const accounts = [...this.accounts.values()];
    const records = sum(accounts.map((account) => account.records));
    const allEnded = accounts.length > 0 && accounts.every(({ state }) => state === 'ended');
    const endMs = allEnded ? Math.max(...accounts.map(({ endedAtMs }) => endedAtMs ?? 0)) : this.#now();
    return {
      accounts: accounts.length,
      accountsDone: accounts.filter(({ state }) => state === 'ended').length,
      scopes: sum(accounts.map(({ scopesTotal }) => scopesTotal)),
      scopesDone: sum(accounts.map(({ scopesDone }) => scopesDone)),
      records,
      recordsPerSecond: perSecond(records, endMs - (this.#startedAtMs ?? endMs)),
    };
  }

  recordsPerSecond({ records, startedAtMs, endedAtMs }: AccountProgress): number {
    return perSecond(records, (endedAtMs ?? this.#now()) - startedAtMs);
  }

  #account(id: string, name: string): AccountProgress {
    let account = this.accounts.get(id);
    if (account === undefined) {
      account = {
        id,
        name,
        state: 'waiting',
        scopesDone: 0,
        scopesTotal: 0,
        scopesFailed: 0,
        records: 0,
        startedAtMs: this.#now(),
        endedAtMs: undefined,
      };
      this.accounts.set(id, account);
    }
    return account;
  }
}

function perSecond(count: number, milliseconds: number): number {
  return milliseconds <= 0 ? 0 : Math.round((count * 1_000) / milliseconds);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
