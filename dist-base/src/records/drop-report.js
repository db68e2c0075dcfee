/** Counts what was dropped and says so in the log once when it begins and once when it is over. */ export class DropReport {
    log;
    /** Since the start. */ dropped = 0;
    seen = 0;
    since;
    constructor(log){
        this.log = log;
    }
    /** After each write; `cause` is why it failed, if it did. */ afterWrite(cause) {
        const before = this.seen;
        this.seen = this.dropped;
        if (this.dropped > before) this.begun(before, cause);
        else if (this.since !== undefined) this.over(this.since);
    }
    begun(before, cause) {
        if (this.since !== undefined) return;
        this.since = before;
        const why = cause === undefined ? {
            reason: 'more came than could be written'
        } : {
            err: cause
        };
        this.log.warn(why, 'lines of functions and records of calls are being dropped');
    }
    over(since) {
        this.since = undefined;
        this.log.info({
            dropped: this.dropped - since
        }, 'lines of functions and records of calls are kept again');
    }
}

//# sourceMappingURL=drop-report.js.map