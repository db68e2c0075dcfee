/** Calls of one function that may run side by side; those of a warm function need a container each. */ export function runningLimitOf({ isolation, maxConcurrency, maxContainers }) {
    return isolation === 'warm' ? Math.min(maxConcurrency, maxContainers) : maxConcurrency;
}
/**
 * A call counts for no more of the memory than this, however large its function is: the others always have room left.
 */ export function countedMemoryMiB(memoryMiB, capacityMiB) {
    return Math.min(memoryMiB, Math.floor(capacityMiB * 3 / 4));
}
/** Whether nothing of the function's own, or of its key's, keeps one more call of it from running. */ export function mayRun(lane, keyId, running, { functionShare, keyCalls }) {
    if (lane.running >= lane.limit) return false;
    if (keyId !== undefined && running.callsWithKey(keyId) >= keyCalls) return false;
    if (lane.running === 0) return true;
    return lane.running < functionShare.calls && (lane.running + 1) * lane.memoryMiB <= functionShare.memoryMiB;
}
/** Whether one more call may run beside those that do: they may all fill their memory at once. */ export function fits({ load }, capacity, memoryMiB) {
    return load.calls < capacity.calls && load.memoryMiB + memoryMiB <= capacity.memoryMiB;
}
/** A call that has waited so long for memory has its turn kept: see `nextCall`. */ export const keepsTurnAfterMs = 1000;
/**
 * Who runs next: of the functions with a call that may run and fits, the one that has the fewest running, so that a
 * function called far beyond capacity cannot starve another. A call that does not fit is passed by smaller ones. Once it
 * has waited for `keepsTurnAfterMs`, those that begin while it waits may take together no more than what is left beside
 * it: it gets its turn as soon as those that ran before have ended, and until then the others go on.
 */ export function nextCall(lanes, running, capacity, nowMs) {
    let kept;
    const fitting = [];
    for (const lane of lanes){
        const call = lane.waiting.find(({ keyId })=>mayRun(lane, keyId, running, capacity));
        if (!call) continue;
        if (fits(running, capacity, lane.memoryMiB)) fitting.push({
            lane,
            call
        });
        else if (nowMs - call.sinceMs >= keepsTurnAfterMs && call.sinceMs < (kept?.call.sinceMs ?? Infinity)) {
            kept = {
                lane,
                call
            };
        }
    }
    const mayPass = ({ lane })=>kept === undefined || passes(lane, kept, running, capacity);
    return fitting.filter(mayPass).reduce(fewestRunning, undefined);
}
function passes({ memoryMiB }, kept, running, capacity) {
    const begunMeanwhileMiB = running.memoryMiBSince(kept.call.sinceMs);
    return begunMeanwhileMiB + memoryMiB + kept.lane.memoryMiB <= capacity.memoryMiB;
}
function fewestRunning(best, next) {
    return best && best.lane.running <= next.lane.running ? best : next;
}
const shortestRetryMs = 1000;
const longestRetryMs = 60_000;
/** When a refused call could hope for a place: the time the calls before it need, honestly, within limits. */ export function retryAfterMs(callsBefore, pace) {
    const needed = (callsBefore + 1) * pace.callMs / Math.max(1, pace.places);
    return Math.round(Math.min(Math.max(needed, shortestRetryMs), longestRetryMs));
}

//# sourceMappingURL=lane.js.map