/** Stands for all functions that have no place of their own; no function can be called so. */ export const otherFunctions = '_other';
/**
 * What is kept for each function, of a bounded number of them: whoever has once seen a thousand functions must not
 * carry a thousand series for ever. The first ones called get a place, and give it up when they are deleted.
 */ export class BoundedFunctions {
    maxFunctions;
    isKnown;
    make;
    places = new Map();
    other;
    /** `isKnown` because a call may end after its function was deleted; it gets no place then. */ constructor(maxFunctions, isKnown, make){
        this.maxFunctions = maxFunctions;
        this.isKnown = isKnown;
        this.make = make;
        this.other = make(otherFunctions);
    }
    of(name) {
        return this.places.get(name) ?? this.admitted(name);
    }
    /** Whether it had a place. */ forget(name) {
        return this.places.delete(name);
    }
    admitted(name) {
        if (this.places.size >= this.maxFunctions || !this.isKnown(name)) return this.other;
        const place = this.make(name);
        this.places.set(name, place);
        return place;
    }
}

//# sourceMappingURL=bounded-functions.js.map