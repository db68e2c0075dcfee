/** What each function holds, and all of them together. */
export class FunctionTotals {
  private readonly byFunctionId = new Map<string, number>();
  private sum = 0;

  get total(): number {
    return this.sum;
  }

  get functionIds(): readonly string[] {
    return [...this.byFunctionId.keys()];
  }

  of(functionId: string): number {
    return this.byFunctionId.get(functionId) ?? 0;
  }

  add(functionId: string, amount: number): void {
    const held = this.of(functionId) + amount;
    this.sum += amount;
    if (held === 0) this.byFunctionId.delete(functionId);
    else this.byFunctionId.set(functionId, held);
  }
}
