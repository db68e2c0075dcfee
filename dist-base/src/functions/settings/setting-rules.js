import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, Max, Min, ValidateBy } from 'class-validator';
const describedKey = Symbol('described setting');
function Documented(described) {
    return (target, key)=>{
        Reflect.defineMetadata(describedKey, described, target, key);
        ApiProperty(described)(target, key);
    };
}
/** The same setting in a merge patch: it may be left out, and `null` restores its default or takes a member away. */ export function inPatch(prototype, setting) {
    const described = Reflect.getMetadata(describedKey, prototype, setting);
    const { enum: choices, additionalProperties: members, ...rest } = described;
    return {
        ...rest,
        nullable: true,
        required: false,
        ...choices && {
            type: String,
            enum: [
                ...choices,
                null
            ]
        },
        ...members !== undefined && {
            additionalProperties: {
                type: [
                    'string',
                    'null'
                ]
            }
        }
    };
}
/** A setting that is a whole number within limits. */ export function WholeNumber(limits, described) {
    return applyDecorators(Documented({
        type: 'integer',
        ...limits,
        ...described
    }), IsInt(), Min(limits.minimum), Max(limits.maximum));
}
/** A setting that is one of several words. */ export function OneOf(choices, described) {
    return applyDecorators(Documented({
        enum: [
            ...choices
        ],
        ...described
    }), IsIn(choices));
}
/** A setting with a rule of its own; `problemOf` gives the rule that a value breaks, without the sentence's end. */ export function Ruled(problemOf, described) {
    return applyDecorators(Documented(described), ValidateBy({
        name: 'rule',
        validator: {
            validate: (value)=>problemOf(value) === undefined,
            defaultMessage: (checked)=>`${checked?.property ?? ''}: ${problemOf(checked?.value) ?? ''}`
        }
    }));
}
/** A setting that is text of a pattern; `rule` is the pattern in words. */ export function PlainText({ pattern, maxLength, rule }, described) {
    const isRight = (value)=>typeof value === 'string' && value.length <= maxLength && value.isWellFormed() && pattern.test(value);
    const broken = `it must be ${rule}, with at most ${maxLength} characters`;
    return Ruled((value)=>isRight(value) ? undefined : broken, {
        type: String,
        maxLength,
        ...described
    });
}

//# sourceMappingURL=setting-rules.js.map