/** Takes a token if there is one. What is refused costs nothing, so waiting as long as it says is always enough. */ export function take(before, limit, nowMs) {
    const { burst, perSecond } = limit;
    const refilled = before ? before.tokens + (nowMs - before.atMs) / 1000 * perSecond : burst;
    const available = Math.min(burst, refilled);
    const isGranted = available >= 1;
    const tokens = isGranted ? available - 1 : available;
    return {
        state: {
            tokens,
            atMs: nowMs
        },
        isGranted,
        remaining: Math.floor(tokens),
        retryAfterMs: tokens >= 1 ? 0 : (1 - tokens) / perSecond * 1000,
        fullAfterMs: (burst - tokens) / perSecond * 1000
    };
}

//# sourceMappingURL=token-bucket.js.map