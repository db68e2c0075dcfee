import { InvalidArgumentError } from 'commander';

/** A parser of values between commas, for an option that may be given more than once. */
export function list(text: string, before: readonly string[] = []): readonly string[] {
  const values = text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length === 0) throw new InvalidArgumentError('It is a list with commas between.');
  return [...before, ...values];
}
