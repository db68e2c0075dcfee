import { registerAs } from '@nestjs/config';
import { readEnvironment } from './environment.js';
export function settingsGroup(namespace, definitions) {
    const config = registerAs(namespace, ()=>readGroup(definitions, readEnvironment()).values);
    return {
        namespace,
        definitions,
        config
    };
}
/** Every rule that the environment breaks, one sentence each; empty when all is well. Values are never printed. */ export function problemsIn(groups, environment) {
    const known = new Set(groups.flatMap((group)=>Object.values(group.definitions).map(({ variable })=>variable)));
    const unknown = Object.keys(environment).filter((variable)=>variable.startsWith('GLAMBDAR_') && !known.has(variable)).map((variable)=>`${variable} is not a setting; docs/configuration.md lists them all`);
    return [
        ...groups.flatMap((group)=>readGroup(group.definitions, environment).problems),
        ...unknown
    ];
}
function variableOf({ variable, fallback }, environment) {
    return environment[variable] === undefined && fallback !== undefined ? fallback : variable;
}
function readGroup(definitions, environment) {
    const values = {};
    const problems = [];
    for (const [name, setting] of Object.entries(definitions)){
        const variable = variableOf(setting, environment);
        const text = environment[variable];
        const value = text === undefined ? setting.defaultValue : setting.parse(text);
        if (value === undefined) problems.push(`${variable} must be ${setting.rule}`);
        values[name] = value;
    }
    return {
        values,
        problems
    };
}

//# sourceMappingURL=settings-group.js.map