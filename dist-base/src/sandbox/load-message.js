/** What the worker needs to know of the function before any of its code runs; it keeps `maxResultBytes` itself. */ export function loadMessageFor({ name, version, settings }, secrets, maxResultBytes) {
    return {
        type: 'load',
        handler: settings.handler,
        environment: settings.environment,
        secrets,
        functionName: name,
        functionVersion: String(version.number),
        memoryLimitMiB: settings.memoryMiB,
        responseFormat: settings.responseFormat,
        maxResultBytes,
        hasEgress: settings.egress.length > 0
    };
}

//# sourceMappingURL=load-message.js.map