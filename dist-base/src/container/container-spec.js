const bytesPerMiB = 1024 * 1024;
/** Joins what was asked for, who the container is, and the settings. */ export function containerSpec({ runDirectory, codeDirectory, token, resources }, identity, settings) {
    return {
        ...identity,
        image: settings.image,
        memoryBytes: resources.memoryMiB * bytesPerMiB,
        cpuMillis: resources.cpuMillis,
        pidsLimit: settings.pids,
        openFilesLimit: settings.openFiles,
        tmpBytes: resources.tmpMiB * bytesPerMiB,
        runDirectory,
        codeDirectory,
        token,
        runtime: settings.runtime === '' ? undefined : settings.runtime
    };
}

//# sourceMappingURL=container-spec.js.map