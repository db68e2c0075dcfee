import {
  createParamDecorator,
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request, RequestHandler, Response } from 'express';
import multer from 'multer';
import { finalize, type Observable } from 'rxjs';
import { tellAuditedSubject } from '../../common/audit/audited-subject.js';
import { DomainError } from '../../common/errors/domain-error.js';
import type { SettingsOf } from '../../common/settings/settings-group.js';
import { archiveSettings, limitsFrom } from '../archive/archive.settings.js';
import { functionsSettings, type FunctionsSettings } from '../functions.settings.js';
import { ArchiveStorage, type ReceivedFile } from './archive-storage.js';
import { DeployService, type ReceivedArchive } from './deploy.service.js';
import { missingFile, uploadErrorOf } from './upload-error.js';

/** The settings, of which the environment may be 16 KiB before JSON escapes it. */
const maxFieldBytes = 64 * 1024;

/** How long a client that is turned away should wait: about the time that one deployment takes. */
const retryAfterMs = 1000;

/**
 * Takes in the multipart form of a deployment, its archive streamed to disk, before the route runs; the route discards
 * the archive. Turns away more deployments at once than the server may have under way.
 */
@Injectable()
export class ArchiveUploadInterceptor implements NestInterceptor {
  private readonly receiveForm: RequestHandler;
  private underWay = 0;

  constructor(
    deploys: DeployService,
    @Inject(archiveSettings.config.KEY) archive: SettingsOf<typeof archiveSettings>,
    @Inject(functionsSettings.config.KEY) private readonly settings: FunctionsSettings,
  ) {
    this.receiveForm = multer({
      storage: new ArchiveStorage(deploys),
      // The file's name names the function: it is taken as it was sent, so that a path in it is refused, not cut.
      preservePath: true,
      defParamCharset: 'utf8',
      limits: {
        files: 1,
        fields: 2,
        parts: 4,
        fileSize: limitsFrom(archive).maxArchiveBytes,
        fieldSize: maxFieldBytes,
        fieldNameSize: 100,
        fieldNestingDepth: 1,
        fieldArrayIndexLimit: 1,
        headerPairs: 50,
      },
    }).single('file');
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<Request>();
    requireForm(request);
    this.enter();
    try {
      await this.receive(request, context.switchToHttp().getResponse<Response>());
      return next.handle().pipe(
        finalize(() => {
          this.leave();
        }),
      );
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  private async receive(request: Request, response: Response): Promise<void> {
    const error = await new Promise<unknown>((resolve) => {
      void this.receiveForm(request, response, resolve);
    });
    if (error) throw uploadErrorOf(error);
    const archive = archiveIn(request);
    if (!archive) throw missingFile();
    tellAuditedSubject(request, () => ({ target: archive.name, sha256: archive.upload.sha256 }));
  }

  private enter(): void {
    if (this.underWay >= this.settings.parallelDeploys) {
      throw new DomainError(
        'OVERLOADED',
        'Too many functions are being deployed at this moment; try again.',
        { retryAfterMs },
      );
    }
    this.underWay += 1;
  }

  private leave(): void {
    this.underWay -= 1;
  }
}

/** The archive that `ArchiveUploadInterceptor` has taken in for this request. */
export const UploadedArchive = createParamDecorator((_: unknown, context: ExecutionContext) =>
  archiveIn(context.switchToHttp().getRequest<Request>()),
);

function archiveIn(request: Request): ReceivedArchive | undefined {
  return (request.file as ReceivedFile | undefined)?.archive;
}

function requireForm(request: Request): void {
  if (/^multipart\/form-data\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return;
  throw new DomainError(
    'UNSUPPORTED_MEDIA_TYPE',
    'Send a form (multipart/form-data) with the zip archive in its field "file".',
  );
}
