import {
  createParamDecorator,
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Writable } from 'node:stream';
import type { Request, RequestHandler, Response } from 'express';
import multer from 'multer';
import { finalize, type Observable } from 'rxjs';
import { tellAuditedSubject } from '../../common/audit/audited-subject.js';
import { DomainError } from '../../common/errors/domain-error.js';
import type { SettingsOf } from '../../common/settings/settings-group.js';
import { archiveSettings, limitsFrom } from '../archive/archive.settings.js';
import { functionsSettings, type FunctionsSettings } from '../functions.settings.js';
import { ArchiveStorage, type ReceivedFile } from './archive-storage.js';
import { deployOptionsIn, strictInQuery } from './deploy-form.js';
import { DeployService, type DeployOptions, type ReceivedArchive } from './deploy.service.js';
import { namelessPartsOf, noteNamelessParts } from './nameless-parts.js';
import { maxFieldBytes, refusedPart, textFieldsOf, type TextFields } from './text-fields.js';
import { missingFile, uploadErrorOf } from './upload-error.js';

/** How long a client that is turned away should wait: about the time that one deployment takes. */
const retryAfterMs = 1000;

/** A deployment's form, taken in whole. */
export interface DeployRequest {
  readonly archive: ReceivedArchive;
  readonly options: DeployOptions;
}

const taken = new WeakMap<Request, DeployRequest>();

/** multer's options, and one that it has but its types lack. */
type ReaderOptions = multer.Options & {
  readonly streamHandler: (request: Request, parser: Writable) => void;
};

/**
 * Takes in the multipart form of a deployment, its archive streamed to disk, before the route runs; the route discards
 * the archive. Turns away more deployments at once than the server may have under way.
 */
@Injectable()
export class ArchiveUploadInterceptor implements NestInterceptor {
  private readonly receiveForm: RequestHandler;
  private underWay = 0;

  constructor(
    private readonly deploys: DeployService,
    @Inject(archiveSettings.config.KEY) archive: SettingsOf<typeof archiveSettings>,
    @Inject(functionsSettings.config.KEY) private readonly settings: FunctionsSettings,
  ) {
    const options: ReaderOptions = {
      storage: new ArchiveStorage(deploys),
      // The file's name names the function: it is taken as it was sent, so that a path in it is refused, not cut.
      preservePath: true,
      defParamCharset: 'utf8',
      // Room for every field once, as text or as a file, and for one more that can then be named.
      limits: {
        files: 4,
        fields: 3,
        parts: 6,
        fileSize: limitsFrom(archive).maxArchiveBytes,
        fieldSize: maxFieldBytes,
        fieldNameSize: 100,
        fieldNestingDepth: 1,
        fieldArrayIndexLimit: 1,
        headerPairs: 50,
      },
      streamHandler: (request, parser) => {
        noteNamelessParts(request, parser);
        request.pipe(parser);
        answerAtOnce(request, parser);
      },
    };
    this.receiveForm = multer(options).fields(
      ['file', 'settings', 'strict'].map((name) => ({ name, maxCount: 1 })),
    );
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<Request>();
    requireForm(request);
    strictInQuery(request.query);
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
    try {
      const [nameless] = namelessPartsOf(request);
      if (nameless !== undefined) {
        throw refusedPart(
          nameless,
          'it is of the type application/octet-stream and has no file name; send it as text',
        );
      }
      taken.set(request, { archive, options: deployOptionsIn(textFieldsIn(request), request.query) });
    } catch (refusal) {
      await this.deploys.discard(archive);
      throw refusal;
    }
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

/**
 * multer keeps a refusal to itself until the rest of the request has come, which a client may never send: it would hold
 * its place until the request's time is over, and be told nothing until then. It does not wait for a request that cannot
 * be read, and asks for that right after it has let go of the parser.
 */
function answerAtOnce(request: Request, parser: Writable): void {
  parser.once('unpipe', () => {
    request.readable = false;
  });
}

/** The form that `ArchiveUploadInterceptor` has taken in for this request. */
export const TakenForm = createParamDecorator((_: unknown, context: ExecutionContext) =>
  taken.get(context.switchToHttp().getRequest<Request>()),
);

function archiveIn(request: Request): ReceivedArchive | undefined {
  const file = filesIn(request).find((received) => 'archive' in received);
  return file && 'archive' in file ? file.archive : undefined;
}

function textFieldsIn(request: Request): TextFields {
  const asFiles = filesIn(request).flatMap((file): [string, string][] =>
    'text' in file ? [[file.fieldname ?? '', file.text]] : [],
  );
  return textFieldsOf((request.body ?? {}) as object, asFiles);
}

function filesIn({ files }: Request): readonly ReceivedFile[] {
  if (files === undefined || Array.isArray(files)) return [];
  return Object.values(files).flat() as unknown as ReceivedFile[];
}

function requireForm(request: Request): void {
  if (/^multipart\/form-data\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return;
  throw new DomainError(
    'UNSUPPORTED_MEDIA_TYPE',
    'Send a form (multipart/form-data) with the zip archive in its field "file".',
  );
}
