import { egressCodes } from '../ipc/protocol/egress.js';
/** Sums since the start, over all containers; `open` is now. For metrics and tests. */ export class EgressCounters {
    open = 0;
    opened = 0;
    bytesOut = 0;
    bytesIn = 0;
    /** By code: what was asked for and not had, for whatever reason. */ refused = Object.fromEntries(egressCodes.map((code)=>[
            code,
            0
        ]));
}

//# sourceMappingURL=egress-counters.js.map