/** Every way to break the protocol. The list is closed: metrics and log lines are grouped by it. */ /** The other side said something it must not say. Nothing it says afterwards is worth reading. */ export class ProtocolViolation extends Error {
    name = 'ProtocolViolation';
    reason;
    constructor(reason, message){
        super(message);
        this.reason = reason;
    }
}

//# sourceMappingURL=protocol-violation.js.map