/** The function that printed or was called, as it was at that moment. */ export const lineLevels = [
    'debug',
    'info',
    'warn',
    'error'
];
/** `load`: before the first call. `call`: during a call, or after it until the next one. `idle`: between two calls. */ export const linePhases = [
    'load',
    'call',
    'idle'
];

//# sourceMappingURL=printed-line.js.map