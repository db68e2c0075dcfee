import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
/** The places that the engine gives its containers: under cgroupfs, systemd, and systemd without root. */ const places = [
    'docker/<id>',
    'system.slice/docker-<id>.scope',
    ...rootlessPlaces()
];
const nanosecondsPerMs = 1_000_000;
const microsecondsPerMs = 1000;
/** The unified hierarchy: `memory.peak` is there from Linux 5.19 on. */ const layoutsV2 = places.map((place)=>({
        memoryFile: `${place}/memory.peak`,
        cpuFile: `${place}/cpu.stat`,
        processesFile: `${place}/pids.current`,
        cpuTimeMs: (text)=>Number(/^usage_usec (\d+)$/m.exec(text)?.[1]) / microsecondsPerMs
    }));
const layoutsV1 = places.map((place)=>({
        memoryFile: `memory/${place}/memory.max_usage_in_bytes`,
        cpuFile: `cpuacct/${place}/cpuacct.usage`,
        processesFile: `pids/${place}/pids.current`,
        cpuTimeMs: (text)=>Number(text) / nanosecondsPerMs
    }));
const unknown = {
    memoryPeakBytes: null,
    cpuTimeMs: null
};
/**
 * Reads what containers use from the files of their control groups, version 1 and 2. Where they lie is looked for once;
 * where they are out of sight, as on a machine that only borrows the engine, nothing is known of any container.
 */ export class CgroupUsage {
    root;
    read;
    layout;
    /** Containers that were looked for in vain; after some of them the search is over. */ searchesLeft = 20;
    constructor(root = '/sys/fs/cgroup', read = (path)=>readFile(path, 'utf8')){
        this.root = root;
        this.read = read;
    }
    /** Never rejects: a container that has ended has no files any more. */ async of(id) {
        this.layout ??= await this.search(id);
        if (!this.layout) return unknown;
        const { memoryFile, cpuFile, cpuTimeMs } = this.layout;
        const [memory, cpu] = await Promise.all([
            this.textOf(memoryFile, id),
            this.textOf(cpuFile, id)
        ]);
        return {
            memoryPeakBytes: memory === undefined ? null : numberOrNull(Number(memory)),
            cpuTimeMs: cpu === undefined ? null : numberOrNull(cpuTimeMs(cpu))
        };
    }
    /** Never rejects, either; null where nothing is known. */ async processesOf(id) {
        this.layout ??= await this.search(id);
        const processes = this.layout && await this.textOf(this.layout.processesFile, id);
        return processes === undefined ? null : numberOrNull(Number(processes));
    }
    async search(id) {
        if (this.searchesLeft === 0) return undefined;
        for (const layout of [
            ...layoutsV1,
            ...layoutsV2
        ]){
            if (await exists(this.pathOf(layout.cpuFile, id))) return layout;
        }
        this.searchesLeft -= 1;
        return undefined;
    }
    textOf(file, id) {
        return this.read(this.pathOf(file, id)).catch(()=>undefined);
    }
    pathOf(file, id) {
        return join(this.root, file.replace('<id>', id));
    }
}
function exists(path) {
    return access(path).then(()=>true, ()=>false);
}
function numberOrNull(value) {
    return Number.isFinite(value) ? value : null;
}
function rootlessPlaces() {
    const uid = process.getuid?.() ?? 0;
    return [
        `user.slice/user-${uid}.slice/user@${uid}.service/user.slice/docker-<id>.scope`
    ];
}

//# sourceMappingURL=cgroup-usage.js.map