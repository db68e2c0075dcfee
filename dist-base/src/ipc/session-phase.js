const moves = {
    stem: {
        load: 'loading',
        end: 'gone'
    },
    loading: {
        ready: 'ready',
        end: 'gone'
    },
    ready: {
        invoke: 'busy',
        end: 'gone'
    },
    busy: {
        stream: 'streaming',
        answer: 'answered',
        end: 'gone'
    },
    streaming: {
        answer: 'answered',
        end: 'gone'
    },
    answered: {
        ready: 'ready',
        end: 'gone'
    },
    gone: {}
};
const messagesAllowed = {
    stem: [],
    loading: [
        'log',
        'ready',
        'loadError'
    ],
    ready: [
        'log'
    ],
    busy: [
        'log',
        'result',
        'error'
    ],
    streaming: [
        'log',
        'chunk',
        'end',
        'error'
    ],
    answered: [
        'log',
        'ready'
    ],
    gone: []
};
/** The only way to another phase; throws on a move that the table does not have, which is a defect of the host. */ export function nextPhase(phase, event) {
    const next = moves[phase][event];
    if (!next) throw new Error(`A session that is ${phase} cannot take '${event}'.`);
    return next;
}
/** May the worker say this now? If not, it has broken the protocol. */ export function mayReceive(phase, type) {
    return messagesAllowed[phase].includes(type);
}

//# sourceMappingURL=session-phase.js.map