import { applyDecorators } from '@nestjs/common';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { IsIn, IsInt, Max, Min, ValidateBy } from 'class-validator';
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
