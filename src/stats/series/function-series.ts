import { CallSeries } from './call-series.js';

/**
 * The series of a bounded number of functions, by their ids. A function gets its series with its first call; if there is no
 * room, it takes that of the function that was called least recently.
 */
export class FunctionSeries {
  /** In the order of their last calls. */
  private readonly byFunctionId = new Map<string, CallSeries>();

  constructor(private readonly maxFunctions: number) {}

  get size(): number {
    return this.byFunctionId.size;
  }

  /** Undefined if it was never called, or gave way. */
  find(functionId: string): CallSeries | undefined {
    return this.byFunctionId.get(functionId);
  }

  /** For a call that has ended; undefined if there is no room for any function. */
  called(functionId: string): CallSeries | undefined {
    let series = this.byFunctionId.get(functionId);
    if (series) this.byFunctionId.delete(functionId);
    else series = this.byFunctionId.size < this.maxFunctions ? new CallSeries() : this.giveUpOldest();
    if (series) this.byFunctionId.set(functionId, series);
    return series;
  }

  forget(functionId: string): void {
    this.byFunctionId.delete(functionId);
  }

  private giveUpOldest(): CallSeries | undefined {
    const [oldest] = this.byFunctionId;
    if (!oldest) return undefined;
    const [functionId, series] = oldest;
    this.byFunctionId.delete(functionId);
    series.clear();
    return series;
  }
}
