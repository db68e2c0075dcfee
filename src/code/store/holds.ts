/** Counts who uses something by its key, and puts off what must not happen while anybody does. */
export class Holds {
  private readonly byKey = new Map<string, { count: number; whenFree: (() => Promise<void>) | undefined }>();

  /** The returned function lets go; calling it again does nothing. */
  take(key: string): () => void {
    const hold = this.byKey.get(key) ?? { count: 0, whenFree: undefined };
    this.byKey.set(key, hold);
    hold.count += 1;
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      hold.count -= 1;
      if (hold.count > 0) return;
      this.byKey.delete(key);
      // What fails so late is found again at the next start.
      hold.whenFree?.().catch(() => undefined);
    };
  }

  /** Does it now and settles as it does, or resolves at once and does it with the last release. */
  async whenFree(key: string, action: () => Promise<void>): Promise<void> {
    const hold = this.byKey.get(key);
    if (hold) hold.whenFree = action;
    else await action();
  }
}
