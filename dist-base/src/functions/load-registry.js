import { warnOfForeign } from '../common/installation/warn-of-foreign.js';
import { FunctionRegistry } from './function-registry.js';
import { resealSecrets } from './secrets/reseal-secrets.js';
/** At boot: what the records name exists, and what else lies on the disk goes. */ export async function loadRegistry(store, code, vault, counter, clock, log, settings) {
    const functions = await resealSecrets(await store.list(), store, vault, log);
    const { missing, foreign } = await code.sweep(await store.recordedVersions());
    warnOfForeign(log, foreign);
    for (const { name, versionId } of missing){
        log.error({
            function: name,
            versionId
        }, 'the code of a version is missing; restore it from a backup, or publish it again');
    }
    const broken = new Set(missing.map(({ versionId })=>versionId));
    return new FunctionRegistry(counter, clock, settings.maxFunctions, functions, broken);
}

//# sourceMappingURL=load-registry.js.map