import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Fault } from '../contract/function-store.contract.js';

/** SQLite's result codes of a full disk, and of a file that could not be read or written. */
const codes = { refused: 13, 'lost before': 10, 'lost after': 10 } as const;

/** A database of which one statement fails as a test says. */
export class FaultyDatabase {
  private left = 0;
  private fault: Fault = 'refused';

  /** What the code under test is given. */
  readonly database: DatabaseSync;

  constructor(real: DatabaseSync) {
    const prepare = (sql: string) => this.guarded(real.prepare(sql));
    this.database = standIn(real, { prepare });
  }

  breakNth(nth: number, fault: Fault): void {
    [this.left, this.fault] = [nth, fault];
  }

  withdraw(): boolean {
    const isPending = this.left > 0;
    this.left = 0;
    return isPending;
  }

  private guarded(statement: StatementSync): StatementSync {
    const run = (...values: SQLInputValue[]) => this.step(() => statement.run(...values));
    const all = (...values: SQLInputValue[]) => this.step(() => statement.all(...values));
    const get = (...values: SQLInputValue[]) => this.step(() => statement.get(...values));
    return standIn(statement, { run, all, get });
  }

  private step<T>(take: () => T): T {
    if (this.left === 0) return take();
    this.left -= 1;
    if (this.left > 0) return take();
    if (this.fault === 'lost after') take();
    throw Object.assign(new Error('told to fail'), { errcode: codes[this.fault] });
  }
}

/** As `real` but for `own`; native methods need their own object. */
function standIn<T extends object>(real: T, own: Readonly<Record<string, unknown>>): T {
  return new Proxy(real, {
    get: (target, name) => {
      if (typeof name === 'string' && name in own) return own[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
