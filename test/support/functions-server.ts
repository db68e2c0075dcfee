import { NestApplicationContextOptions } from '@nestjs/common/interfaces/nest-application-context-options.interface.js';
import {
  Catch,
  Module,
  type ArgumentsHost,
  type ExceptionFilter,
  type INestApplication,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { NextFunction, Request, Response } from 'express';
import type { AddressInfo } from 'node:net';
import { SettingsController } from '../../src/api/settings/settings.controller.js';
import { ArchiveUploadInterceptor } from '../../src/api/deploy/archive-upload.interceptor.js';
import { DeployController } from '../../src/api/deploy/deploy.controller.js';
import { FunctionsController } from '../../src/api/functions/functions.controller.js';
import { SecretsController } from '../../src/api/secrets/secrets.controller.js';
import { VersionsController } from '../../src/api/versions/versions.controller.js';
import { BuildService } from '../../src/builds/build.service.js';
import { archiveSettings } from '../../src/code/archive/archive.settings.js';
import { type Caller, everyFunction, setCaller } from '../../src/common/auth/caller.js';
import { KeyNames } from '../../src/common/auth/key-names.js';
import { AuditTrail } from '../../src/common/audit/audit-trail.js';
import { DomainError } from '../../src/common/errors/domain-error.js';
import { Log } from '../../src/common/log/log.js';
import { JsonBodies } from '../../src/common/input/json-body.js';
import { fairShareSettings } from '../../src/common/budgets/fair-share.settings.js';
import { Clock } from '../../src/common/time/clock.js';
import { SettingsService } from '../../src/deployment/settings.service.js';
import { DeletionService } from '../../src/deployment/deletion.service.js';
import { DeployService } from '../../src/deployment/deploy.service.js';
import { deploymentSettings } from '../../src/deployment/deployment.settings.js';
import { SecretsService } from '../../src/deployment/secrets.service.js';
import { VersionService } from '../../src/deployment/version.service.js';
import { FunctionRegistry } from '../../src/functions/function-registry.js';
import { secretsSettings } from '../../src/secrets/secrets.settings.js';
import { RecordingAuditTrail } from '../fakes/recording-audit-trail.js';
import { defaultArchiveSettings } from './archives/unpacking.js';
import { settingsFor } from './builders/functions.js';
import { functionsFixture, type FunctionsFixture } from './functions-fixture.js';

/** The key id that a test's request is to be from; then it may deploy and read, and is no administrator. */
export const keyIdHeader = 'x-test-key-id';

function callerOfTest({ headers }: Request): Pick<Caller, 'keyId' | 'scopes'> {
  const keyId = headers[keyIdHeader];
  return typeof keyId === 'string'
    ? { keyId, scopes: ['functions:deploy', 'functions:read'] }
    : { keyId: undefined, scopes: ['admin'] };
}

/** These routes have no access control: a request without a key may do everything. */
function asOwner(request: Request, _response: Response, next: NextFunction): void {
  const address = request.socket.remoteAddress ?? '';
  setCaller(request, { ...callerOfTest(request), address, reach: everyFunction });
  next();
}

/** Status and titles are the HTTP module's; here the code is enough. */
@Catch(DomainError)
class CodeFilter implements ExceptionFilter<DomainError> {
  catch({ code, message, details }: DomainError, host: ArgumentsHost): void {
    host
      .switchToHttp()
      .getResponse<Response>()
      .status(418)
      .json({ code, message, ...details });
  }
}

export interface FunctionsServer extends FunctionsFixture {
  readonly application: INestApplication;
  readonly url: string;
  readonly port: number;
  readonly trail: RecordingAuditTrail;
}

/** The routes of functions over real HTTP on a free port, on fakes below. Archives may have one MiB. */
export async function startFunctionsServer(parallelDeploys = 2): Promise<FunctionsServer> {
  const fixture = functionsFixture();
  const trail = new RecordingAuditTrail();
  const providers = [
    { provide: AuditTrail, useValue: trail },
    { provide: KeyNames, useValue: { nameOf: (keyId: string) => `name of ${keyId}` } },
    { provide: JsonBodies, useValue: new JsonBodies({ total: 1_000_000, share: 500_000 }) },
    { provide: Clock, useValue: fixture.clock },
    { provide: Log, useValue: fixture.log },
    { provide: BuildService, useValue: fixture.builds },
    { provide: DeployService, useValue: fixture.deploys },
    { provide: VersionService, useValue: fixture.versions },
    { provide: SettingsService, useValue: fixture.configs },
    { provide: DeletionService, useValue: fixture.deletion },
    { provide: FunctionRegistry, useValue: fixture.registry },
    { provide: SecretsService, useValue: fixture.secrets },
    { provide: secretsSettings.config.KEY, useValue: fixture.secretLimits },
    { provide: archiveSettings.config.KEY, useValue: { ...defaultArchiveSettings, maxArchiveMiB: 1 } },
    { provide: deploymentSettings.config.KEY, useValue: { parallelDeploys } },
    { provide: fairShareSettings.config.KEY, useValue: settingsFor(fairShareSettings) },
    ArchiveUploadInterceptor,
  ];

  @Module({
    controllers: [
      DeployController,
      VersionsController,
      FunctionsController,
      SettingsController,
      SecretsController,
    ],
    providers,
  })
  class TestModule {}

  const testing = await Test.createTestingModule({ imports: [TestModule] }).compile();
  const application = testing.createNestApplication(
    Object.assign(new NestApplicationContextOptions(), { bodyParser: false }),
  );
  application.useLogger(false);
  application.use(asOwner);
  application.useGlobalFilters(new CodeFilter());
  await application.listen(0, '127.0.0.1');
  const { port } = (application.getHttpServer() as { address(): AddressInfo }).address();
  return { ...fixture, trail, application, url: `http://127.0.0.1:${port}`, port };
}
