/** How often a property is tried: `quick` in every run, `full` when the environment has `FULL_HOSTILE=1`. */
export function iterations(quick: number, full: number): number {
  return process.env['FULL_HOSTILE'] === '1' ? full : quick;
}
