/** Ends what `schedule` began; calling it again, or after the action ran, does nothing. */ /**
 * The only source of time. Deadlines, ages and rates use `monotonicMs`, which no clock jump moves; `wallTime` is for
 * display and records only.
 */ export class Clock {
}
export class SystemClock extends Clock {
    monotonicMs() {
        return performance.now();
    }
    wallTime() {
        return new Date();
    }
    schedule(delayMs, action) {
        const timer = setTimeout(action, delayMs).unref();
        return ()=>{
            clearTimeout(timer);
        };
    }
}

//# sourceMappingURL=clock.js.map