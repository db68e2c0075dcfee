import { lookup } from 'node:dns/promises';
import { Listening } from './access/door/listening.js';
import { createApp } from './app.setup.js';
import { settingsGroups } from './app.settings.js';
import { banner } from './banner.js';
import { Installation } from './common/installation/installation.js';
import { Log } from './common/log/log.js';
import { readEnvironment } from './common/settings/environment.js';
import { problemsIn } from './common/settings/settings-group.js';
import { httpSettings } from './http/http.settings.js';
import { serverUrl } from './http/server-url.js';
import { startFailure } from './start-failure.js';
/** The command was used wrongly: its configuration (sysexits.h). */ const exitConfiguration = 78;
async function main() {
    // Whatever the server writes is its own: functions' code and secrets among it.
    process.umask(0o077);
    const problems = problemsIn(settingsGroups, readEnvironment());
    if (problems.length > 0) {
        process.stderr.write(`${problems.join('\n')}\n`);
        process.exitCode = exitConfiguration;
        return;
    }
    const app = await createApp();
    endWith(app);
    try {
        await listen(app);
    } catch (error) {
        // Containers may be waiting already; they are not left behind.
        await app.close();
        throw error;
    }
}
async function listen(app) {
    const { host, port } = httpSettings.config();
    // Looked up once, so that what is checked is what is listened on.
    const { address: wanted } = await lookup(host);
    const listening = app.get(Listening);
    listening.require(wanted);
    await app.listen(port, wanted);
    const address = app.getHttpServer().address();
    const url = serverUrl(address);
    const { directory } = app.get(Installation);
    const log = app.get(Log);
    log.info({
        url,
        directory,
        node: process.version
    }, 'listening');
    // Standard output belongs to the log.
    process.stderr.write(banner(url, directory, listening.isOpen));
}
/** A Ctrl-C under `npm start` arrives twice, from the terminal and from npm; only a later one is a second wish. */ const sameSignalMs = 1000;
/** The first signal ends the server in order, the second at once; a defect that nobody caught ends it, too. */ function endWith(app) {
    const log = app.get(Log);
    let endingSinceMs;
    const onSignal = (signal)=>{
        const nowMs = performance.now();
        if (endingSinceMs !== undefined && nowMs - endingSinceMs > sameSignalMs) process.exit(1);
        if (endingSinceMs !== undefined) return;
        endingSinceMs = nowMs;
        log.info({
            signal
        }, 'shutting down');
        void app.close().then(()=>{
            log.info({}, 'shut down');
            process.exit(0);
        }, (err)=>{
            log.error({
                err
            }, 'could not shut down in order');
            process.exit(1);
        });
    };
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
    const onDefect = (err)=>{
        log.error({
            err
        }, 'a defect ended the server');
        process.exit(1);
    };
    process.on('unhandledRejection', onDefect).on('uncaughtException', onDefect);
}
main().catch((error)=>{
    console.error(startFailure(error));
    process.exit(1);
});

//# sourceMappingURL=server.js.map