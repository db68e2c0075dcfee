/**
 * The first of: what `work` settles to, the deadline, the cancellation. Timer and listener are gone when it settles, and a
 * late rejection of `work` is not reported as unhandled.
 */ export function withDeadline(clock, work, limits) {
    const { withinMs, onTimeout, cancellation } = limits;
    return new Promise((resolve, reject)=>{
        const cancelTimer = clock.schedule(withinMs, ()=>{
            settle();
            reject(onTimeout());
        });
        const settle = ()=>{
            cancelTimer();
            stopListening?.();
        };
        work.then(settle, settle);
        work.then(resolve, reject);
        const stopListening = cancellation?.onCancel((reason)=>{
            cancelTimer();
            reject(reason);
        });
    });
}

//# sourceMappingURL=deadline.js.map