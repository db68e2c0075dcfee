import { runtimes } from '../../runtimes/catalogue.js';

/** Limits of a function's environment: enough for configuration, little enough to go along with every load. */
export const maxVariables = 100;
export const maxVariableNameLength = 128;
export const maxEnvironmentBytes = 16 * 1024;

/** Of all runtimes, since a function may change its own. */
const readAtStart = new Set(runtimes.flatMap(({ reservedVariables }) => reservedVariables));

const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The rule that the name of an environment variable breaks, as a sentence without its end; undefined if none. */
export function variableNameProblem(name: string): string | undefined {
  if (name.length > maxVariableNameLength) {
    return `The name of a variable must have at most ${maxVariableNameLength} characters`;
  }
  if (!namePattern.test(name)) {
    return 'The name of a variable must be letters, digits and _, not starting with a digit';
  }
  if (name.startsWith('GLAMBDAR_'))
    return `${name} is reserved: names that begin with GLAMBDAR_ are the server's`;
  if (name === '__proto__') return '__proto__ is reserved';
  if (readAtStart.has(name))
    return `${name} is reserved: it would have no effect, as it is read at the start`;
  return undefined;
}

/** The rule that a function's environment breaks; undefined if none. Never names a value. */
export function environmentProblem(environment: unknown): string | undefined {
  if (typeof environment !== 'object' || environment === null || Array.isArray(environment)) {
    return 'environment must be an object of names and texts';
  }
  const variables = Object.entries(environment as Record<string, unknown>);
  if (variables.length > maxVariables) return `environment must have at most ${maxVariables} variables`;
  let bytes = 0;
  for (const [name, value] of variables) {
    const problem = variableNameProblem(name) ?? valueProblem(name, value);
    if (problem !== undefined) return problem;
    bytes += name.length + Buffer.byteLength(value as string);
  }
  if (bytes <= maxEnvironmentBytes) return undefined;
  return `environment, its names and values together, must have at most ${maxEnvironmentBytes} bytes`;
}

function valueProblem(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return `environment.${name} must be text`;
  if (value.includes('\0') || !value.isWellFormed()) {
    return `environment.${name} must be well-formed Unicode text without the character NUL`;
  }
  return undefined;
}
