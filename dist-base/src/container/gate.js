/** Gives the place back; more than once does nothing. */ /** Lets at most `places` in at a time and at most `waiting` stand in line, first come, first served. */ export class Gate {
    places;
    waiting;
    inside = 0;
    line = [];
    constructor(places, waiting){
        this.places = places;
        this.waiting = waiting;
    }
    get occupied() {
        return this.inside;
    }
    /** Resolves when there is a place; undefined, at once, when the line is full as well. */ enter() {
        if (this.inside < this.places) {
            this.inside += 1;
            return Promise.resolve(this.leaveOnce());
        }
        if (this.line.length >= this.waiting) return undefined;
        return new Promise((resolve)=>this.line.push(resolve));
    }
    leaveOnce() {
        let left = false;
        return ()=>{
            if (left) return;
            left = true;
            const next = this.line.shift();
            // The place passes on without becoming free, so nobody can slip in between.
            if (next) next(this.leaveOnce());
            else this.inside -= 1;
        };
    }
}

//# sourceMappingURL=gate.js.map