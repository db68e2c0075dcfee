/** The one place that reads the process's environment. */ export function readEnvironment() {
    return process.env;
}

//# sourceMappingURL=environment.js.map