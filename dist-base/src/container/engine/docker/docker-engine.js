import Docker from 'dockerode';
import { withDeadline } from '../../../common/time/deadline.js';
import { ContainerEngine, EngineError } from '../container-engine.js';
import { CgroupUsage } from './cgroup-usage.js';
import { createRequest } from './create-request.js';
import { toEngineError } from './docker-errors.js';
import { FrameDemuxer } from './frame-demuxer.js';
/** What the engine's kernel reports with: killed by SIGKILL, perhaps for memory. */ const killedExitCode = 137;
/** The engine learns of an out-of-memory kill from another event than the exit's, usually within this time. */ const memoryKillNewsMs = 1000;
const memoryKillPollMs = 100;
const nanosecondsPerMs = 1_000_000;
/** The engine of Docker, over its own socket. The API version is the engine's own: none is pinned. */ export class DockerEngine extends ContainerEngine {
    clock;
    options;
    docker;
    cgroups = new CgroupUsage();
    constructor(clock, options){
        super(), this.clock = clock, this.options = options;
        // The package reads DOCKER_HOST where no host is given; an explicit undefined keeps the socket the only way.
        this.docker = new Docker({
            socketPath: options.socketPath,
            host: undefined,
            protocol: 'http'
        });
    }
    async ping() {
        // The package's types forget that ping takes options.
        const docker = this.docker;
        await this.call('ping', this.options.pingTimeoutMs, (abortSignal)=>docker.ping({
                abortSignal
            }));
    }
    async hasImage(reference) {
        const inspecting = this.call('image', this.options.callTimeoutMs, ()=>this.docker.getImage(reference).inspect());
        return inspecting.then(()=>true, (error)=>{
            if (error instanceof EngineError && error.kind === 'gone') return false;
            throw error;
        });
    }
    async create(spec) {
        const body = createRequest(spec);
        const created = await this.call('create', this.options.callTimeoutMs, (abortSignal)=>// Told apart, because the package would repeat the whole body in the address otherwise.
            this.docker.createContainer({
                _query: {
                    name: spec.name
                },
                _body: body,
                abortSignal
            }));
        return created.id;
    }
    async attach(id, onOutput) {
        const query = {
            stream: true,
            stdout: true,
            stderr: true
        };
        const stream = await this.call('attach', this.options.attachTimeoutMs, (abortSignal)=>this.container(id).attach({
                _query: query,
                _body: {},
                abortSignal
            }));
        const demuxer = new FrameDemuxer(onOutput);
        const ended = new Promise((resolve)=>{
            stream.on('data', (chunk)=>{
                demuxer.push(chunk);
            });
            // A broken connection and a closed one mean the same here: nothing more will come.
            stream.on('error', ()=>{
                resolve();
            });
            stream.on('close', resolve);
            stream.on('end', resolve);
        });
        const close = ()=>{
            stream.destroy();
        };
        return {
            ended,
            close
        };
    }
    async start(id) {
        await this.call('start', this.options.callTimeoutMs, (abortSignal)=>this.container(id).start({
                abortSignal
            }));
    }
    wait(id, signal) {
        return untilGivenUp('wait', signal, async ()=>{
            const exitCode = await this.exitCode(id, signal);
            return {
                exitCode,
                outOfMemory: await this.ranOutOfMemory(id, exitCode, signal)
            };
        });
    }
    async ended(id, signal) {
        await untilGivenUp('ended', signal, ()=>this.exitCode(id, signal));
    }
    async remove(idOrName) {
        const removing = this.call('remove', this.options.callTimeoutMs, (abortSignal)=>{
            const options = {
                force: true,
                v: true,
                abortSignal
            };
            return this.container(idOrName).remove(options);
        });
        await removing.catch((error)=>{
            if (!(error instanceof EngineError && error.kind === 'gone')) throw error;
        });
    }
    async listOwned(labels) {
        const label = Object.entries(labels).map(([key, value])=>`${key}=${value}`);
        const listed = await this.call('list', this.options.callTimeoutMs, (abortSignal)=>this.docker.listContainers({
                all: true,
                filters: {
                    label
                },
                abortSignal
            }));
        return listed.map(({ Id, Names, Labels })=>({
                id: Id,
                // The engine writes names with a leading slash.
                name: (Names[0] ?? '').replace(/^\//, ''),
                labels: Labels
            }));
    }
    async cpuTimeMs(id) {
        const { cpuTimeMs } = await this.cgroups.of(id);
        if (cpuTimeMs !== null) return cpuTimeMs;
        const stats = await this.call('statistics', this.options.callTimeoutMs, (abortSignal)=>{
            // Without one-shot the engine measures twice, a second apart.
            const options = {
                stream: false,
                'one-shot': true,
                abortSignal
            };
            return this.container(id).stats(options);
        });
        return stats.cpu_stats.cpu_usage.total_usage / nanosecondsPerMs;
    }
    usage(id) {
        return this.cgroups.of(id);
    }
    processes(id) {
        return this.cgroups.processesOf(id);
    }
    container(idOrName) {
        return this.docker.getContainer(idOrName);
    }
    async exitCode(id, signal) {
        const waited = await this.container(id).wait({
            abortSignal: signal
        });
        return waited.StatusCode;
    }
    /** Only a SIGKILL can be the kernel's doing, so only then is the late news worth waiting for. */ async ranOutOfMemory(id, exitCode, signal) {
        const untilMs = this.clock.monotonicMs() + (exitCode === killedExitCode ? memoryKillNewsMs : 0);
        for(;;){
            const { State } = await this.container(id).inspect({
                abortSignal: signal
            });
            if (State.OOMKilled || this.clock.monotonicMs() >= untilMs) return State.OOMKilled;
            await new Promise((resolve)=>this.clock.schedule(memoryKillPollMs, resolve));
        }
    }
    /** One call with its time limit; on the limit the request is aborted, so that nothing of it stays behind. */ async call(operation, withinMs, ask) {
        const controller = new AbortController();
        const onTimeout = ()=>{
            controller.abort();
            return new EngineError('timeout', `${operation}: no answer within ${withinMs} ms`);
        };
        try {
            return await withDeadline(this.clock, ask(controller.signal), {
                withinMs,
                onTimeout
            });
        } catch (error) {
            throw toEngineError(operation, error);
        }
    }
}
/** A call that lasts as long as a container does, or until its caller no longer wants to know. */ async function untilGivenUp(operation, signal, ask) {
    try {
        return await ask();
    } catch (error) {
        if (!signal.aborted) throw toEngineError(operation, error);
        throw new EngineError('timeout', `${operation}: given up by the caller`, {
            cause: error
        });
    }
}

//# sourceMappingURL=docker-engine.js.map