/** Routes are found whatever the case of their letters. */
const callPath = /^\/invoke\//i;

/** Whether a request asks for a call, or for what looks like one: its answer is the function's. */
export function isCallPath(url: string): boolean {
  return callPath.test(url);
}
