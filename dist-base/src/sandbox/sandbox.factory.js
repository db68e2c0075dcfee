function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
function _ts_metadata(metadataKey, metadataValue) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") {
        return Reflect.metadata(metadataKey, metadataValue);
    }
}
function _ts_param(paramIndex, decorator) {
    return function(target, key) {
        decorator(target, key, paramIndex);
    };
}
import { Inject, Injectable } from '@nestjs/common';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../common/errors/domain-error.js';
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import { withDeadline } from '../common/time/deadline.js';
import { ContainerService } from '../container/container.service.js';
import { EgressService } from '../egress/egress.service.js';
import { CodeStore } from '../functions/code/code-store.js';
import { versionKeyOf } from '../functions/function-registry.js';
import { SecretVault } from '../functions/secrets/secret-vault.js';
import { completeSettings, functionDefaults } from '../functions/settings/default-settings.js';
import { IpcService } from '../ipc/ipc.service.js';
import { loadMessageFor } from './load-message.js';
import { openWayOut } from './open-way-out.js';
import { OutputRecorder } from './output/output-recorder.js';
import { Sandbox } from './sandbox.js';
import { SandboxEvents } from './sandbox-events.js';
import { sandboxSettings } from './sandbox.settings.js';
import { UnderWay } from './under-way.js';
import { UsageMeter } from './usage-meter.js';
export class SandboxFactory {
    containers;
    ipc;
    code;
    vault;
    egress;
    clock;
    log;
    events;
    settings;
    /** What a stem has, since nobody knows yet whose it will be. */ stemResources;
    leftovers = new UnderWay();
    constructor(containers, ipc, code, vault, egress, clock, log, events, settings, defaults){
        this.containers = containers;
        this.ipc = ipc;
        this.code = code;
        this.vault = vault;
        this.egress = egress;
        this.clock = clock;
        this.log = log;
        this.events = events;
        this.settings = settings;
        const { memoryMiB, cpuMillis, tmpMiB } = completeSettings({}, defaults);
        this.stemResources = {
            memoryMiB,
            cpuMillis,
            tmpMiB
        };
    }
    /** Whether a stem may become this function's: its heap and its `/tmp` are made with the container. */ fitsStem({ settings }) {
        const { memoryMiB, cpuMillis, tmpMiB } = this.stemResources;
        return settings.memoryMiB === memoryMiB && settings.cpuMillis === cpuMillis && settings.tmpMiB === tmpMiB;
    }
    /** A sandbox made for the function from nothing: container, worker, code loaded. Tells when the worker has connected. */ async make(deployed, onBooted) {
        const message = this.messageFor(deployed);
        const sandbox = await this.boot(this.code.directoryOf(versionKeyOf(deployed)), deployed.settings);
        onBooted();
        return this.load(sandbox, deployed, message);
    }
    /** A booted sandbox without a function: any function's in milliseconds. */ makeStem() {
        return this.boot(undefined, this.stemResources);
    }
    /**
   * Gives a stem its function. The code appears in the stem's own mounted directory as hard links, renamed into place
   * in one step: no directory is shared between functions, and nothing is visible before all is.
   */ async specialise(stem, deployed) {
        const { directory } = stem.endpoint;
        const codeDirectory = join(directory, 'code');
        stem.madeAs = 'stem';
        stem.cleanUpWith(()=>this.code.unlinkFrom(codeDirectory));
        let message;
        try {
            message = this.messageFor(deployed);
            const linking = join(directory, 'linking');
            await this.code.linkInto(versionKeyOf(deployed), linking);
            await rename(linking, codeDirectory).catch((cause)=>{
                throw notStarted(cause);
            });
        } catch (error) {
            this.leftovers.add(stem.dispose());
            throw error;
        }
        return this.load(stem, deployed, message);
    }
    /** Resolves when what failed to be made is gone, too. */ settled() {
        return this.leftovers.settled();
    }
    messageFor(deployed) {
        return loadMessageFor(deployed, this.vault.open(deployed), this.ipc.maxResultBytes);
    }
    async load(sandbox, deployed, message) {
        const { id, name, version, revision } = deployed;
        sandbox.output.belongsTo({
            id,
            name,
            version: version.number,
            revision
        });
        try {
            await openWayOut(this.egress, sandbox, deployed);
            // It has run nothing of the function's yet.
            if (sandbox.isGone) throw notStarted(new Error('The container ended before it was given its function.'));
            await sandbox.load(message, this.settings.loadTimeoutMs);
            return sandbox;
        } catch (error) {
            this.leftovers.add(sandbox.dispose());
            throw error;
        }
    }
    async boot(codeDirectory, resources) {
        const endpoint = await this.ipc.open();
        let container;
        try {
            container = await this.containers.launch({
                runDirectory: endpoint.directory,
                codeDirectory,
                token: endpoint.token,
                resources
            });
            return await this.connect(container, endpoint);
        } catch (error) {
            this.leftovers.add(this.abandon(container, endpoint));
            throw error;
        }
    }
    async connect(container, endpoint) {
        const { clock, log, events } = this;
        const output = this.recorderFor(container);
        container.onOutput((stream, bytes)=>{
            output.append(stream, bytes);
        });
        const endedEarly = container.ended.then(()=>{
            throw notStarted(new Error(`The container ended before its worker connected: ${output.lastLines()}`));
        });
        const session = await withDeadline(this.clock, Promise.race([
            endpoint.session,
            endedEarly
        ]), {
            withinMs: this.settings.startTimeoutMs,
            onTimeout: ()=>notStarted(new Error('The worker did not connect in time.'))
        });
        const meter = new UsageMeter(container, clock, events);
        return new Sandbox({
            container,
            endpoint,
            session,
            output,
            meter,
            clock,
            log
        });
    }
    recorderFor(container) {
        const { clock, log, events, settings } = this;
        const limits = {
            outputBytes: settings.outputBytes,
            lineBytes: settings.logLineBytes
        };
        const onRecorded = (recorded)=>{
            log.info({
                container: container.name,
                ...recorded
            }, 'function output');
        };
        return new OutputRecorder({
            limits,
            clock,
            events,
            onRecorded
        });
    }
    async abandon(container, endpoint) {
        await container?.remove();
        await endpoint.close().catch((err)=>{
            this.log.error({
                err
            }, "a container's directory could not be removed");
        });
    }
}
SandboxFactory = _ts_decorate([
    Injectable(),
    _ts_param(8, Inject(sandboxSettings.config.KEY)),
    _ts_param(9, Inject(functionDefaults.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ContainerService === "undefined" ? Object : ContainerService,
        typeof IpcService === "undefined" ? Object : IpcService,
        typeof CodeStore === "undefined" ? Object : CodeStore,
        typeof SecretVault === "undefined" ? Object : SecretVault,
        typeof EgressService === "undefined" ? Object : EgressService,
        typeof Clock === "undefined" ? Object : Clock,
        typeof Log === "undefined" ? Object : Log,
        typeof SandboxEvents === "undefined" ? Object : SandboxEvents,
        typeof SandboxSettings === "undefined" ? Object : SandboxSettings,
        typeof FunctionDefaults === "undefined" ? Object : FunctionDefaults
    ])
], SandboxFactory);
/** No user code has run yet, so a container that does not come up is the platform's fault. */ function notStarted(cause) {
    return new DomainError('RUNTIME_UNAVAILABLE', 'A container for the call could not be started; try again shortly.', {
        retryAfterMs: 1000
    }, {
        cause
    });
}

//# sourceMappingURL=sandbox.factory.js.map