import { InvalidArgumentError } from 'commander';

/** The description of each argument that is the name of a function; completion goes by it. */
export const functionArgument = 'the function';

/** Of one that may be left out. */
export const ownFunctionArgument = 'the function (default: that of the current folder, by its glambdar.json)';

/**
 * Rules for what becomes a part of a route. `..` would be another route, and the error is clearer here than from the
 * server.
 */
export function functionName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text))
    throw new InvalidArgumentError(
      'A function\'s name has 1 to 64 letters, digits, "_" or "-", and begins with a letter or a digit.',
    );
  return text;
}

export function secretName(text: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(text))
    throw new InvalidArgumentError(
      'A secret is named like an environment variable: letters, digits and "_", not beginning with a digit.',
    );
  return text;
}

export function invocationId(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    throw new InvalidArgumentError(
      'The id of a call looks like 5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a. For the calls of a function use `--function NAME`.',
    );
  return text.toLowerCase();
}

export function eventId(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    throw new InvalidArgumentError(
      'The id of an event looks like 0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55; `glambdar events list` shows it.',
    );
  return text.toLowerCase();
}

export function scheduleName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text))
    throw new InvalidArgumentError(
      'A schedule\'s name has 1 to 64 letters, digits, "_" or "-", and begins with a letter or a digit.',
    );
  return text;
}

export function keyId(text: string): string {
  if (!/^[0-9a-f]{12}$/.test(text))
    throw new InvalidArgumentError(
      'The id of a key has 12 digits from 0 to 9 and a to f; `glambdar keys list` shows it.',
    );
  return text;
}
