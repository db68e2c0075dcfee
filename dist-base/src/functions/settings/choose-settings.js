import { cpus, totalmem } from 'node:os';
import { validateSync } from 'class-validator';
import { DomainError } from '../../common/errors/domain-error.js';
import { completeSettings } from './default-settings.js';
import { FunctionSettingsDto, settingNames } from './function-settings.dto.js';
export function boundsOfMachine(defaults) {
    return {
        defaults,
        cores: cpus().length,
        totalMemoryMiB: Math.floor(totalmem() / 1024 / 1024)
    };
}
/** The settings that follow from what somebody chose. Throws `INVALID_CONFIG` that names field and rule. */ export function chooseSettings(candidate, bounds) {
    const settings = completeSettings(chosenIn(candidate), bounds.defaults);
    requireTogether(settings, bounds);
    return settings;
}
/** Throws `INVALID_CONFIG` for a field that is no setting; text that is too long for a name is cut. */ export function requireKnown(candidate) {
    // Asked here and not of the validator, which takes names that every object has (`constructor`) for known ones.
    const known = settingNames;
    const unknown = Object.keys(candidate).find((name)=>!known.includes(name))?.slice(0, 64);
    if (unknown !== undefined) throw invalidSettings(unknown, `there is no setting ${unknown}`);
}
export function invalidSettings(field, rule) {
    return new DomainError('INVALID_CONFIG', `The settings were refused: ${rule}.`, {
        field,
        reason: rule
    });
}
function chosenIn(candidate) {
    requireKnown(candidate);
    const dto = Object.assign(new FunctionSettingsDto(), candidate);
    const [problem] = validateSync(dto, {
        stopAtFirstError: true
    });
    if (problem) {
        const [rule] = Object.values(problem.constraints ?? {});
        throw invalidSettings(problem.property, rule ?? `${problem.property} is not valid`);
    }
    return Object.fromEntries(Object.entries(dto).filter(([, value])=>value !== undefined));
}
function requireTogether(settings, { defaults, cores, totalMemoryMiB }) {
    const { chosen } = settings;
    if (settings.maxContainers < settings.minContainers) {
        throw invalidSettings('maxContainers', 'maxContainers must not be less than minContainers');
    }
    if (settings.tmpMiB > settings.memoryMiB) {
        throw invalidSettings('tmpMiB', 'tmpMiB must not be greater than memoryMiB, which it counts towards');
    }
    // The server's own defaults are its operator's business.
    const mostMiB = defaults.largestMemoryMiB || Math.floor(totalMemoryMiB / 2);
    if (chosen.memoryMiB !== undefined && chosen.memoryMiB > mostMiB) {
        throw invalidSettings('memoryMiB', `memoryMiB must not be greater than ${mostMiB} on this server`);
    }
    if (chosen.cpuMillis !== undefined && chosen.cpuMillis > cores * 1000) {
        throw invalidSettings('cpuMillis', `cpuMillis must not be greater than ${cores * 1000} on this machine`);
    }
}

//# sourceMappingURL=choose-settings.js.map