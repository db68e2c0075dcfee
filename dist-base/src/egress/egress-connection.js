import { encodeEgressAnswer } from '../ipc/protocol/egress.js';
import { dial, refusalOf } from './dial.js';
import { permittedAddresses } from './egress-decision.js';
import { EgressRefusal, refusals } from './egress-refusal.js';
import { Relay } from './relay.js';
import { readRequest } from './request-reader.js';
/** One connection that a container made to its egress socket: a request, an answer, then perhaps bytes both ways. */ export class EgressConnection {
    client;
    parts;
    listener;
    request;
    destination;
    relay;
    isAnswered = false;
    isOver = false;
    cancelTimer;
    constructor(client, parts, listener){
        this.client = client;
        this.parts = parts;
        this.listener = listener;
        const { clock, connectTimeoutMs } = parts;
        this.cancelTimer = clock.schedule(connectTimeoutMs, ()=>{
            this.refuse(refusals.timeout(connectTimeoutMs));
        });
        // 'close' follows every error and says all there is to know.
        client.on('error', ()=>undefined);
        client.once('close', ()=>{
            if (!this.relay) this.finish();
        });
        readRequest(client, (request)=>void this.serve(request));
    }
    /** Breaks off whatever goes on. */ end() {
        this.destination?.destroy();
        this.client.destroy();
    }
    async serve(request) {
        this.request = request;
        try {
            if (!request) throw refusals.invalid();
            const addresses = await permittedAddresses(request, this.parts);
            if (this.isAnswered || this.isOver) return;
            if (request.kind === 'connect') this.connect(request, addresses);
            else this.answerLast({
                kind: 'ok',
                addresses
            });
        } catch (error) {
            if (!(error instanceof EgressRefusal)) this.listener.onFault(error);
            this.refuse(error instanceof EgressRefusal ? error : refusals.fault());
        }
    }
    connect(request, addresses) {
        const target = {
            ...request,
            addresses
        };
        const destination = dial(target);
        this.destination = destination;
        destination.on('error', (error)=>{
            if (!this.relay) this.refuse(refusalOf(error, target));
        });
        destination.once('connect', ()=>{
            // What was judged is what it is connected to: anything else would be a hole.
            const address = destination.remoteAddress ?? '';
            if (addresses.includes(address)) this.open(destination, address, request);
            else this.refuse(refusals.address(request.host));
        });
    }
    open(destination, address, request) {
        this.cancelTimer();
        this.isAnswered = true;
        this.listener.onOpened();
        this.client.write(encodeEgressAnswer({
            kind: 'ok',
            addresses: [
                address
            ]
        }));
        this.relay = new Relay(this.client, destination, this.parts.clock, this.parts.limits, {
            onBytes: (direction, bytes)=>{
                this.listener.onBytes(direction, bytes);
            },
            onClosed: (cutBy)=>{
                if (cutBy) this.listener.onCut(cutBy, request);
                this.finish();
            }
        });
    }
    refuse(refusal) {
        if (this.isAnswered || this.isOver) return;
        this.listener.onRefused(refusal, this.request);
        this.answerLast({
            kind: 'no',
            code: refusal.code,
            sentence: refusal.message
        });
    }
    answerLast(answer) {
        this.isAnswered = true;
        this.client.write(encodeEgressAnswer(answer));
        this.client.destroySoon();
        this.destination?.destroy();
    }
    finish() {
        if (this.isOver) return;
        this.isOver = true;
        this.cancelTimer();
        this.destination?.destroy();
        this.listener.onClosed();
    }
}

//# sourceMappingURL=egress-connection.js.map