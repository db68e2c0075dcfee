/**
 * What may end a call before its time: its client leaves, the server stops. An `AbortSignal` would do; but a call
 * listens to it in each of its phases, and adding and removing its listeners took a fortieth of the server's
 * time for a call.
 */ export class Cancellation {
    listeners = [];
    why;
    /** Undefined until it is cancelled. */ get reason() {
        return this.why;
    }
    /** Only the first reason counts. */ cancel(reason) {
        if (this.why) return;
        this.why = reason;
        const { listeners } = this;
        this.listeners = [];
        for (const listener of listeners)listener(reason);
    }
    /** Runs `listener` once, when it is cancelled; at once where it is already. */ onCancel(listener) {
        if (this.why) {
            listener(this.why);
            return ()=>undefined;
        }
        this.listeners = [
            ...this.listeners,
            listener
        ];
        return ()=>{
            this.listeners = this.listeners.filter((other)=>other !== listener);
        };
    }
}

//# sourceMappingURL=cancellation.js.map