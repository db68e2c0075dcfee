/** Leads the framework's own lines into ours. Its ordinary ones tell of its insides, so they are for debugging. */ export class FrameworkLog {
    lines;
    constructor(lines){
        this.lines = lines;
    }
    log(message, ...rest) {
        this.lines.debug(contextOf(rest), String(message));
    }
    debug(message, ...rest) {
        this.lines.debug(contextOf(rest), String(message));
    }
    verbose(message, ...rest) {
        this.lines.debug(contextOf(rest), String(message));
    }
    warn(message, ...rest) {
        this.lines.warn(contextOf(rest), String(message));
    }
    error(message, ...rest) {
        this.writeError(message, rest);
    }
    fatal(message, ...rest) {
        this.writeError(message, rest);
    }
    writeError(message, rest) {
        const err = message instanceof Error ? message : undefined;
        const stack = rest.find((part)=>typeof part === 'string' && part.includes('\n'));
        this.lines.error({
            ...contextOf(rest),
            ...err ? {
                err
            } : {
                stack
            }
        }, err?.message ?? String(message));
    }
}
/** The framework passes the name of the class that speaks as the last argument. */ function contextOf(rest) {
    const last = rest.at(-1);
    return typeof last === 'string' && !last.includes('\n') ? {
        context: last
    } : {};
}

//# sourceMappingURL=framework-log.js.map