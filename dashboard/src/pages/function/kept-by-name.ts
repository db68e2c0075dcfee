/**
 * Makes a thing for each function, once: whoever looks at another page and comes back finds what they had begun. Of
 * the functions that were not looked at for the longest time it is forgotten.
 */
export function keptByName<T>(create: (name: string) => T, most = 20): (name: string) => T {
  const kept = new Map<string, T>();
  return (name) => {
    const value = kept.get(name) ?? create(name);
    kept.delete(name);
    kept.set(name, value);
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return value;
  };
}
