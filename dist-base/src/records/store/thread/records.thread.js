/** The thread that owns the database of records: one request after the other, so that nothing else ever waits for it. */ import { parentPort, workerData } from 'node:worker_threads';
import { isDamage } from '../../../common/database/sqlite-error.js';
import { openSettingAside } from '../sqlite/open-setting-aside.js';
import { sentErrorOf } from './thread-message.js';
const { file, budget } = workerData;
let store;
function tell(message) {
    parentPort?.postMessage(message);
}
/** Opened with the first request that finds it closed: what hindered it then may be mended now. */ function opened() {
    if (store) return store;
    const { store: fresh, setAside } = openSettingAside(file, budget);
    if (setAside) tell({
        kind: 'set-aside',
        ...setAside
    });
    store = fresh;
    return fresh;
}
async function serve({ number, operation, argument }) {
    try {
        const operations = opened();
        tell({
            kind: 'done',
            number,
            value: await operations[operation](argument)
        });
    } catch (error) {
        tell({
            kind: 'failed',
            number,
            error: sentErrorOf(error)
        });
        // The next request opens it again, which finds the damage and begins a new one.
        if (error instanceof Error && isDamage(error.cause)) await closeDamaged();
    }
}
async function closeDamaged() {
    await store?.close();
    store = undefined;
}
let queue = Promise.resolve();
parentPort?.on('message', (request)=>{
    queue = queue.then(async ()=>{
        if (request !== 'close') return serve(request);
        await store?.close();
        parentPort?.close();
    });
});

//# sourceMappingURL=records.thread.js.map