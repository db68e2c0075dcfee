/** The phases as a `Server-Timing` value (https://www.w3.org/TR/server-timing/). */ export function serverTiming(phases) {
    const metrics = [];
    if (phases.queueMs !== undefined) metrics.push(`queue;dur=${phases.queueMs.toFixed(2)}`);
    if (phases.containerMs !== undefined) {
        const how = phases.origin === undefined ? '' : `;desc="${phases.origin}"`;
        metrics.push(`container${how};dur=${phases.containerMs.toFixed(2)}`);
    }
    if (phases.handlerMs !== undefined) metrics.push(`handler;dur=${phases.handlerMs.toFixed(2)}`);
    return metrics.join(', ');
}

//# sourceMappingURL=call.js.map