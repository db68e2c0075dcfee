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
import { archiveSettings, limitsFrom } from '../../code/archive/archive.settings.js';
import { callerOf } from '../../common/auth/caller.js';
import { setAuditedSubject } from '../../common/audit/audited.js';
import { requireNoContentEncoding } from '../../common/request-body/content-encoding.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { readQuery } from '../../common/input/query-fields.js';
import { malformed } from '../../common/input/read-fields.js';
import type { SettingsOf } from '../../common/settings/settings.js';
import { SharedBudget } from '../../common/budgets/shared-budget.js';
import {
  shareOf,
  fairShareSettings,
  type FairShareSettings,
} from '../../common/budgets/fair-share.settings.js';
import { BuildService } from '../../builds/build.service.js';
import { Cancellation } from '../../common/time/cancellation.js';
import { changerOf } from '../../deployment/changer.js';
import { DeployService, type DeployOptions, type ReceivedArchive } from '../../deployment/deploy.service.js';
import { deploymentSettings, type DeploymentSettings } from '../../deployment/deployment.settings.js';
import { AnnouncedBuilds } from './announced-builds.js';
import { ArchiveStorage, type ReceivedFile } from './archive-storage.js';
import { DeployFields, DeployQuery } from './deploy.dto.js';
import { namelessPartsOf, noteNamelessParts, UploadBody } from './upload-body.js';
import { fieldNames, maxFieldBytes, missingFile, readFormFields, uploadErrorOf } from './upload-form.js';

/** How long a client that is turned away should wait: about the time that one deployment takes. */
const retryAfterMs = 1000;

/** A form has this much at most beside its archive: its fields, and the headers of its parts. */
const otherFormBytes = 512 * 1024;

/** A boundary has at most 70 characters (RFC 2046); a longer one makes looking for it dear. */
const maxContentTypeLength = 200;

/** A deployment's form, received whole. */
export interface DeployRequest {
  readonly archive: ReceivedArchive;
  readonly options: DeployOptions;
}

const received = new WeakMap<Request, DeployRequest>();

/** multer's options, and one that it has but its types lack. */
type ReaderOptions = multer.Options & {
  readonly streamHandler: (body: UploadBody, parser: Writable) => void;
};

/**
 * Takes in the multipart form of a deployment, its archive streamed to disk, before the route runs; the route discards
 * the archive. Turns away more deployments at once than the server, or the callers with one key, may have in progress.
 */
@Injectable()
export class ArchiveUploadInterceptor implements NestInterceptor {
  private readonly receiveForm: RequestHandler;
  private readonly limitBytes: number;
  private readonly inProgress: SharedBudget;
  private readonly announced: AnnouncedBuilds;

  constructor(
    private readonly deploys: DeployService,
    @Inject(BuildService) builds: Pick<BuildService, 'announce' | 'discard'>,
    @Inject(archiveSettings.config.KEY) archive: SettingsOf<typeof archiveSettings>,
    @Inject(deploymentSettings.config.KEY) { parallelDeploys: total }: DeploymentSettings,
    @Inject(fairShareSettings.config.KEY) { keyPercent }: FairShareSettings,
  ) {
    this.announced = new AnnouncedBuilds(builds);
    this.inProgress = new SharedBudget({ total, share: shareOf(total, keyPercent) });
    const { maxArchiveBytes } = limitsFrom(archive);
    this.limitBytes = maxArchiveBytes + otherFormBytes;
    const options: ReaderOptions = {
      storage: new ArchiveStorage(deploys, this.announced),
      // The file's name names the function: it is taken as it was sent, so that a path in it is refused, not cut.
      preservePath: true,
      defParamCharset: 'utf8',
      // Room for every field once, as text or as a file, and for one more that can then be named.
      limits: {
        files: 4,
        fields: 3,
        parts: 6,
        fileSize: maxArchiveBytes,
        fieldSize: maxFieldBytes,
        fieldNameSize: 100,
        fieldNestingDepth: 1,
        fieldArrayIndexLimit: 1,
        headerPairs: 50,
      },
      streamHandler: (body, parser) => {
        noteNamelessParts(body, parser);
        body.pipe(parser);
        parser.once('unpipe', () => {
          body.leaveTheRest();
        });
      },
    };
    this.receiveForm = multer(options).fields(['file', ...fieldNames].map((name) => ({ name, maxCount: 1 })));
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<Request>();
    requireForm(request);
    // Known before the form is: what is wrong with the query spares the upload.
    const query = readQuery(DeployQuery, request.query);
    const { keyId } = callerOf(request);
    this.enter(keyId);
    if (query.buildId !== undefined) this.announced.want(request, query.buildId);
    const leave = () => {
      this.announced.end(request);
      this.inProgress.giveBack(keyId);
    };
    try {
      await this.receive(request, context.switchToHttp().getResponse<Response>(), query);
      return next.handle().pipe(finalize(leave));
    } catch (error) {
      leave();
      throw error;
    }
  }

  private async receive(request: Request, response: Response, query: DeployQuery): Promise<void> {
    const body = new UploadBody(request, this.limitBytes);
    const form = body as unknown as Request;
    const error = await new Promise<unknown>((resolve) => {
      void this.receiveForm(form, response, resolve);
    });
    if (error) throw uploadErrorOf(error);
    const archive = archiveIn(form);
    if (!archive) throw missingFile();
    setAuditedSubject(request, () => ({ target: archive.name, sha256: archive.upload.sha256 }));
    try {
      const [nameless] = namelessPartsOf(body);
      if (nameless !== undefined) {
        throw malformed(
          nameless,
          `${nameless} is of the type application/octet-stream and has no file name; send it as text`,
        );
      }
      const options = optionsOf(fieldsIn(form), query);
      const cancellation = cancelledWithoutClient(response);
      received.set(request, {
        archive,
        options: { ...options, cancellation, by: changerOf(callerOf(request)) },
      });
    } catch (refusal) {
      await this.deploys.discard(archive);
      throw refusal;
    }
  }

  private enter(keyId: string | undefined): void {
    const shortage = this.inProgress.take(keyId);
    if (shortage === undefined) return;
    throw shortage === 'share'
      ? new DomainError(
          'RATE_LIMITED',
          'Your key has as many deployments running as it may; send the next one when one of them has ended.',
          { retryAfterMs },
        )
      : new DomainError('OVERLOADED', 'Too many functions are being deployed right now; try again shortly.', {
          retryAfterMs,
        });
  }
}

/** The form that `ArchiveUploadInterceptor` has received for this request. */
export const ReceivedForm = createParamDecorator((_: unknown, context: ExecutionContext) =>
  received.get(context.switchToHttp().getRequest<Request>()),
);

function archiveIn(form: Request): ReceivedArchive | undefined {
  const file = filesIn(form).find((one) => 'archive' in one);
  return file && 'archive' in file ? file.archive : undefined;
}

function fieldsIn(form: Request): DeployFields {
  const asFiles = filesIn(form).flatMap((file): [string, string][] =>
    'text' in file ? [[file.fieldname ?? '', file.text]] : [],
  );
  return readFormFields((form.body ?? {}) as object, asFiles);
}

/** A build takes minutes: it is not made for a client that has left. */
function cancelledWithoutClient(response: Response): Cancellation {
  const cancellation = new Cancellation();
  response.once('close', () => {
    if (!response.writableFinished) {
      cancellation.cancel(
        new DomainError('CLIENT_CLOSED', 'The client disconnected before its code was deployed.'),
      );
    }
  });
  return cancellation;
}

function optionsOf(fields: DeployFields, query: DeployQuery): Omit<DeployOptions, 'by'> {
  if (fields.strict !== undefined && query.strict !== undefined) {
    throw malformed('strict', 'strict must be given once, as a field or in the query');
  }
  return {
    settings: fields.settings ?? {},
    strict: query.strict ?? fields.strict ?? false,
    ...(query.buildId !== undefined && { buildId: query.buildId }),
  };
}

function filesIn({ files }: Request): readonly ReceivedFile[] {
  if (files === undefined || Array.isArray(files)) return [];
  return Object.values(files).flat() as unknown as ReceivedFile[];
}

function requireForm(request: Request): void {
  const { headers } = request;
  const contentType = headers['content-type'] ?? '';
  if (!/^multipart\/form-data\s*(;|$)/i.test(contentType)) {
    throw new DomainError(
      'UNSUPPORTED_MEDIA_TYPE',
      'Send the content type multipart/form-data, with the zip archive in the form field "file".',
    );
  }
  requireNoContentEncoding(request);
  if (contentType.length <= maxContentTypeLength) return;
  throw malformed(
    'Content-Type',
    'The Content-Type of the form is too long; choose a boundary of at most 70 characters',
  );
}
