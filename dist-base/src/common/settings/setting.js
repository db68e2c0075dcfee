/** How one setting is read: its variable, what it means, its default and its rule. Units stand in the name. */ /** Digits only, in decimal, within the limits: `""`, `1e3`, ` 7` and `7.0` are refused, never rounded or coerced. */ export function integer(described) {
    const { min, max, ...rest } = described;
    return {
        ...rest,
        rule: `an integer from ${min} to ${max}`,
        parse (text) {
            const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
            return value >= min && value <= max ? value : undefined;
        }
    };
}
/** Exactly `true` or `false`. */ export function flag(described) {
    return {
        ...described,
        rule: 'true or false',
        parse: (text)=>text === 'true' ? true : text === 'false' ? false : undefined
    };
}
export function oneOf(described) {
    const { choices, ...rest } = described;
    return {
        ...rest,
        rule: `one of ${choices.join(', ')}`,
        parse: (text)=>choices.find((choice)=>choice === text)
    };
}
/** Text that matches a pattern; `rule` says the pattern in words. */ export function text(described) {
    const { pattern, ...rest } = described;
    return {
        ...rest,
        parse: (value)=>pattern.test(value) ? value : undefined
    };
}

//# sourceMappingURL=setting.js.map