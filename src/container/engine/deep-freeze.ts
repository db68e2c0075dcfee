/** Nobody who holds it can change anything of it. */
export function deepFreeze<const T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
