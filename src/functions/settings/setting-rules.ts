import { applyDecorators } from '@nestjs/common';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { IsIn, IsInt, Max, Min, ValidateBy } from 'class-validator';
import { runtimes } from '../../runtimes/catalogue.js';
import { ApiProperty } from '../../common/openapi/documentation.js';

/** What the document says of a setting. */
type Described = ApiPropertyOptions & { readonly description: string };

const describedKey = Symbol('described setting');

function Documented(described: Described): PropertyDecorator {
  return (target, key) => {
    Reflect.defineMetadata(describedKey, described, target, key);
    ApiProperty(described)(target, key);
  };
}

/** The same setting in a merge patch: it may be left out, and `null` restores its default or takes a member away. */
export function inPatch(prototype: object, setting: string): ApiPropertyOptions {
  const described = Reflect.getMetadata(describedKey, prototype, setting) as Described & {
    readonly enum?: readonly string[];
    readonly additionalProperties?: unknown;
  };
  const { enum: choices, additionalProperties: members, ...rest } = described;
  return {
    ...rest,
    nullable: true,
    required: false,
    ...(choices && { type: String, enum: [...choices, null] }),
    ...(members !== undefined && { additionalProperties: { type: ['string', 'null'] } }),
  } as ApiPropertyOptions;
}

/** A setting that is a whole number within limits. */
export function WholeNumber(limits: { minimum: number; maximum: number }, described: Described) {
  return applyDecorators(
    Documented({ type: 'integer', ...limits, ...described }),
    IsInt(),
    Min(limits.minimum),
    Max(limits.maximum),
  );
}

/** A setting that is one of several words. */
export function OneOf(choices: readonly string[], described: Described) {
  return applyDecorators(Documented({ enum: [...choices], ...described }), IsIn(choices));
}

/** A setting with a rule of its own; `problemOf` gives the rule that a value breaks, without the sentence's end. */
export function Ruled(problemOf: (value: unknown) => string | undefined, described: Described) {
  return applyDecorators(
    Documented(described),
    ValidateBy({
      name: 'rule',
      validator: {
        validate: (value) => problemOf(value) === undefined,
        defaultMessage: (checked) => `${checked?.property ?? ''}: ${problemOf(checked?.value) ?? ''}`,
      },
    }),
  );
}

/** A setting that is text of a pattern; `rule` is the pattern in words. */
export function PlainText(
  { pattern, maxLength, rule }: { pattern: RegExp; maxLength: number; rule: string },
  described: Described,
) {
  const isRight = (value: unknown) =>
    typeof value === 'string' && value.length <= maxLength && value.isWellFormed() && pattern.test(value);
  const broken = `it must be ${rule}, with at most ${maxLength} characters`;
  return Ruled((value) => (isRight(value) ? undefined : broken), {
    type: String,
    maxLength,
    ...described,
  });
}

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
    return `the name of a variable must have at most ${maxVariableNameLength} characters`;
  }
  if (!namePattern.test(name)) {
    return 'the name of a variable must be letters, digits and _, the first one no digit';
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
    return 'it must be an object of names and texts';
  }
  const variables = Object.entries(environment as Record<string, unknown>);
  if (variables.length > maxVariables) return `it must have at most ${maxVariables} variables`;
  let bytes = 0;
  for (const [name, value] of variables) {
    const problem = variableNameProblem(name) ?? valueProblem(name, value);
    if (problem !== undefined) return problem;
    bytes += name.length + Buffer.byteLength(value as string);
  }
  if (bytes <= maxEnvironmentBytes) return undefined;
  return `its names and values must have at most ${maxEnvironmentBytes} bytes in all`;
}

function valueProblem(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return `the value of ${name} must be text`;
  if (value.includes('\0') || !value.isWellFormed()) {
    return `the value of ${name} must be well-formed Unicode text without the character NUL`;
  }
  return undefined;
}
