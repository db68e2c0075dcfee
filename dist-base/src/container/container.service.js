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
import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Installation } from '../common/installation/installation.js';
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import { withDeadline } from '../common/time/deadline.js';
import { AccountFiles } from './account-files.js';
import * as refused from './container-errors.js';
import { containerLabels, containerName, installationLabels } from './container-labels.js';
import { climbToLaunch } from './container-launcher.js';
import { ContainerRegistry } from './container-registry.js';
import { ContainerReaper } from './container-reaper.js';
import { containerSpec } from './container-spec.js';
import { containerSettings } from './container.settings.js';
import { EngineHealth } from './engine-health.js';
import { ContainerEngine } from './engine/container-engine.js';
import { Gate } from './gate.js';
import { HostsFile } from './hosts-file.js';
import { UidPool } from './uid-pool.js';
export class ContainerService {
    engine;
    health;
    clock;
    installation;
    hosts;
    accounts;
    log;
    settings;
    /** This run of the server, so that names never meet those of an earlier one. */ instanceId = randomBytes(3).toString('hex');
    containers;
    launches;
    reaper;
    counter = 0;
    draining;
    cancelSweep;
    constructor(engine, health, clock, installation, hosts, accounts, log, settings){
        this.engine = engine;
        this.health = health;
        this.clock = clock;
        this.installation = installation;
        this.hosts = hosts;
        this.accounts = accounts;
        this.log = log;
        this.settings = settings;
        this.launches = new Gate(settings.parallelLaunches, settings.launchesWaiting);
        // Installations that share a machine begin at different places of the range.
        const start = Number.parseInt(installation.id, 16);
        const uids = new UidPool(settings.uidFirst, settings.uidFirst + settings.uidCount - 1, start);
        this.containers = new ContainerRegistry(clock, uids);
        this.reaper = new ContainerReaper(engine, health, clock, {
            parallelRemovals: settings.parallelRemovals,
            firstPauseMs: settings.reaperFirstPauseMs,
            longestPauseMs: settings.reaperLongestPauseMs
        });
        this.containers.onMove(({ name, to, cause })=>{
            if (to === 'leaked') log.warn({
                container: name,
                err: cause
            }, 'a container could not be removed yet');
        });
        health.onRecovered(()=>{
            this.reaper.retryNow();
            void this.sweepQuietly();
        });
    }
    /** Containers that the engine has, or may have, short of the leaked ones. */ get running() {
        return this.containers.size - this.containers.leaked;
    }
    /** Containers that could not be removed yet. */ get leaked() {
        return this.containers.leaked;
    }
    /** User ids in use; one for each container until it is removed. */ get uidsInUse() {
        return this.containers.uidsInUse;
    }
    /** `listener` hears of every move of every container; it must not throw. */ onMove(listener) {
        this.containers.onMove(listener);
    }
    /** Before calls are accepted nothing of an earlier server is left; an engine that is down delays nothing. */ async onModuleInit() {
        await this.health.probe();
        await this.sweepQuietly();
        this.sweepLater();
    }
    onApplicationShutdown() {
        return this.drain();
    }
    /**
   * A running container. Rejects with a `DomainError`: DRAINING, OVERLOADED (too many launches in line or containers),
   * RUNTIME_UNAVAILABLE or IMAGE_MISSING; nothing is left behind then, though the removal may still be under way.
   */ async launch(request) {
        this.assertAvailable();
        const entering = this.launches.enter();
        if (!entering) throw refused.launchesFull();
        const leave = await entering;
        try {
            // The world may have changed meanwhile.
            this.assertAvailable();
            return await this.launchOne(request);
        } catch (error) {
            throw refused.launchFailure(error);
        } finally{
            leave();
        }
    }
    /** Removes what carries this installation's labels and is not known here; resolves to how many that were. */ async sweep() {
        const owned = await this.health.ask(()=>this.engine.listOwned(installationLabels(this.installation.id)));
        const strays = owned.filter(({ name })=>!this.containers.has(name));
        await Promise.all(strays.map(({ name })=>this.reaper.remove(this.containers.found(name))));
        return strays.length;
    }
    /**
   * Refuses launches from now on, removes every container and waits, within the setting's limit, until the engine has
   * none. What cannot be removed until then the next start will find. Never rejects.
   */ drain() {
        this.draining ??= this.drainOnce();
        return this.draining;
    }
    async launchOne(request) {
        this.counter += 1;
        const name = containerName(this.installation.id, this.instanceId, this.counter);
        const entry = this.containers.request(name);
        if (!entry) throw refused.launchesFull();
        await this.describeUser(request, entry);
        const labels = containerLabels(this.installation.id, this.instanceId);
        const spec = containerSpec(request, {
            name,
            uid: entry.uid,
            labels,
            hostsFile: this.hosts.path
        }, this.settings);
        const { engine, health, reaper, clock, settings } = this;
        const context = {
            engine,
            health,
            reaper,
            clock,
            ...settings
        };
        const container = await climbToLaunch(spec, entry.lifecycle, context);
        if (!this.draining) return container;
        void container.remove();
        throw refused.draining();
    }
    async describeUser({ runDirectory }, { uid, lifecycle }) {
        try {
            await this.accounts.write(runDirectory, uid);
        } catch (error) {
            lifecycle.move('removed');
            // A full disk, above all: the caller learns that the platform is short of something, and the log of what.
            throw refused.unavailable(error);
        }
    }
    assertAvailable() {
        if (this.draining) throw refused.draining();
        if (!this.health.reachable) throw refused.unavailable();
    }
    sweepLater() {
        if (this.draining) return;
        this.cancelSweep = this.clock.schedule(this.settings.sweepIntervalMs, ()=>{
            void this.sweepQuietly().finally(()=>{
                this.sweepLater();
            });
        });
    }
    async sweepQuietly() {
        try {
            const found = await this.sweep();
            if (found > 0) this.log.warn({
                found
            }, 'removed containers that no server was using');
        } catch (error) {
            this.log.warn({
                err: error
            }, 'could not look for containers that were left behind');
        }
    }
    async drainOnce() {
        this.cancelSweep?.();
        // A launch under way sees the drain for itself when it ends.
        for (const lifecycle of this.containers.settled())void this.reaper.remove(lifecycle);
        const onTimeout = ()=>new Error('The engine did not remove every container in time.');
        const { drainTimeoutMs: withinMs } = this.settings;
        try {
            await withDeadline(this.clock, this.containers.emptied(), {
                withinMs,
                onTimeout
            });
            // A create that timed out may have come through since.
            await this.sweepQuietly();
        } catch (error) {
            this.log.error({
                err: error,
                left: this.containers.size
            }, 'some containers could not be removed in time');
        }
        this.reaper.stop();
        this.health.stop();
    }
}
ContainerService = _ts_decorate([
    Injectable(),
    _ts_param(7, Inject(containerSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ContainerEngine === "undefined" ? Object : ContainerEngine,
        typeof EngineHealth === "undefined" ? Object : EngineHealth,
        typeof Clock === "undefined" ? Object : Clock,
        typeof Installation === "undefined" ? Object : Installation,
        typeof HostsFile === "undefined" ? Object : HostsFile,
        typeof AccountFiles === "undefined" ? Object : AccountFiles,
        typeof Log === "undefined" ? Object : Log,
        typeof ContainerSettings === "undefined" ? Object : ContainerSettings
    ])
], ContainerService);

//# sourceMappingURL=container.service.js.map