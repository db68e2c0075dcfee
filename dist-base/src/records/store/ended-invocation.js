/** Whose fault it was that a call failed, or `success`. A handler that answers 500 has answered: `success`. */ export const invocationOutcomes = [
    'success',
    'caller',
    'function',
    'platform'
];

//# sourceMappingURL=ended-invocation.js.map