import { NestApplicationContextOptions } from '@nestjs/common/interfaces/nest-application-context-options.interface.js';
import { NestFactory } from '@nestjs/core';
import { protect } from './access/door/protect.js';
import { directCalls } from './app.calls.js';
import { AppModule } from './app.module.js';
import { LimitedHttpAdapter } from './http/http-adapter.js';
import { httpSettings } from './http/http.settings.js';
import { pagePaths, serveOpenApi } from './http/openapi.js';
import { FrameworkLog } from './telemetry/framework-log.js';
import { processLog } from './telemetry/process-log.js';
import { telemetrySettings } from './telemetry/telemetry.settings.js';
/** The whole server, not yet listening: the same for users, for tests and for the OpenAPI document. */ export async function createApp() {
    const settings = httpSettings.config();
    const adapter = new LimitedHttpAdapter(settings);
    const options = Object.assign(new NestApplicationContextOptions(), {
        // Each route reads its own body, with its own limit.
        bodyParser: false,
        logger: new FrameworkLog(processLog(telemetrySettings.config())),
        // Who starts the server decides how a failed start ends.
        abortOnError: false
    });
    const app = await NestFactory.create(AppModule, adapter, options);
    protect(app, pagePaths);
    serveOpenApi(app);
    adapter.serveDirectly(directCalls(app, settings.sendTimeoutMs));
    return app;
}

//# sourceMappingURL=app.setup.js.map