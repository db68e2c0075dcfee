const nothing = Buffer.alloc(0);
/**
 * A call's body, which is held in memory until its worker has answered: a slow reader of the answer, or a stream that
 * lasts, holds nothing of what was asked.
 */ export class RequestBody {
    onDiscard;
    bytes;
    held;
    isHeld = true;
    /** `onDiscard` is told once, when the bytes are no longer held. */ constructor(content, onDiscard){
        this.onDiscard = onDiscard;
        this.held = content;
        this.bytes = content.length;
    }
    /** Empty once it was discarded. */ get content() {
        return this.held;
    }
    /** May be called again, and then does nothing. */ discard() {
        if (!this.isHeld) return;
        this.isHeld = false;
        this.held = nothing;
        this.onDiscard();
    }
}

//# sourceMappingURL=request-body.js.map