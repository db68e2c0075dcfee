import { join } from 'node:path';
import { egressSocketFile, encodeEgressAnswer } from '../ipc/protocol/egress.js';
import { EgressConnection } from './egress-connection.js';
import { EgressListener } from './egress-listener.js';
import { destinationText, refusals } from './egress-refusal.js';
import { egressSettings } from './egress.settings.js';
import { ResolvedNames } from './resolved-names.js';
/** Lines about what one container did not get; the rest is only counted, so that no function can fill the log. */ const maxLoggedRefusals = 100;
const bytesPerMiB = 1024 * 1024;
/** One container's way out: the socket in its directory, and every connection made through it. */ export class EgressGate {
    context;
    log;
    connections = new Set();
    listener;
    parts;
    refusedCount = 0;
    /** `log` carries whose container it is. */ constructor(directory, allowList, context, log){
        this.context = context;
        this.log = log;
        const { clock, resolver, policy, settings } = context;
        this.parts = {
            ...{
                allowList,
                clock,
                resolver,
                policy
            },
            resolved: new ResolvedNames(),
            connectTimeoutMs: settings.connectTimeoutMs,
            limits: {
                idleMs: settings.idleTimeoutSeconds * 1000,
                ageMs: settings.ageSeconds * 1000,
                maxBytes: settings.connectionMiB * bytesPerMiB
            }
        };
        this.listener = new EgressListener(join(directory, egressSocketFile), clock, settings, (client)=>{
            this.accept(client);
        }, (err)=>{
            log.error({
                err
            }, "a container's egress socket failed");
        });
    }
    listen() {
        return this.listener.listen();
    }
    /** Breaks every connection off and takes the socket off the disk. */ close() {
        this.listener.close();
        for (const connection of this.connections)connection.end();
        if (this.refusedCount > maxLoggedRefusals) {
            this.log.warn({
                refused: this.refusedCount
            }, 'connections refused, of which the first were logged');
        }
    }
    accept(client) {
        const { counters, settings } = this.context;
        if (this.connections.size >= settings.connections) {
            this.turnAway(client, refusals.connections(settings.connections));
        } else if (counters.open >= settings.serverConnections) {
            this.turnAway(client, refusals.connectionsOfServer(settings.serverConnections));
        } else {
            this.serve(client);
        }
    }
    turnAway(client, refusal) {
        this.refused(refusal, undefined);
        client.on('error', ()=>undefined);
        client.write(encodeEgressAnswer({
            kind: 'no',
            code: refusal.code,
            sentence: refusal.message
        }));
        client.destroySoon();
    }
    serve(client) {
        const { counters } = this.context;
        counters.open += 1;
        const connection = new EgressConnection(client, this.parts, {
            onOpened: ()=>{
                counters.opened += 1;
            },
            onBytes: (direction, bytes)=>{
                if (direction === 'out') counters.bytesOut += bytes;
                else counters.bytesIn += bytes;
            },
            onRefused: (refusal, request)=>{
                this.refused(refusal, request);
            },
            onCut: (by, request)=>{
                this.cut(by, request);
            },
            onFault: (err)=>{
                this.log.error({
                    err
                }, 'a connection could not be judged');
            },
            onClosed: ()=>{
                counters.open -= 1;
                this.connections.delete(connection);
            }
        });
        this.connections.add(connection);
    }
    refused(refusal, request) {
        this.context.counters.refused[refusal.code] += 1;
        this.refusedCount += 1;
        if (this.refusedCount > maxLoggedRefusals) return;
        this.log.warn({
            code: refusal.code,
            destination: destinationOf(request),
            reason: refusal.message
        }, 'connection refused');
    }
    cut(by, request) {
        const { variable } = egressSettings.definitions[by];
        this.log.warn({
            destination: destinationOf(request),
            setting: variable
        }, 'connection cut');
    }
}
function destinationOf(request) {
    if (!request) return undefined;
    return destinationText(request.host, request.kind === 'connect' ? request.port : undefined);
}

//# sourceMappingURL=egress-gate.js.map