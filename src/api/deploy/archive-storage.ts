import type { Request } from 'express';
import type { StorageEngine } from 'multer';
import { callerOf, requireWithinReach } from '../../common/auth/caller.js';
import { setAuditedSubject } from '../../common/audit/audited.js';
import type { DeployService, ReceivedArchive } from '../../deployment/deploy.service.js';
import { functionNameOfUpload, parseFunctionName } from '../../functions/function-name.js';
import type { AnnouncedBuilds } from './announced-builds.js';
import type { UploadBody } from './upload-body.js';
import { readTextPart } from './upload-form.js';

/** multer's description of a file, with what we made of it: the archive, or a field that came as a file. */
export type ReceivedFile = Partial<Express.Multer.File> &
  ({ readonly archive: ReceivedArchive } | { readonly text: string });

/** Lets multer stream the archive straight into the code store instead of a directory or memory of its own. */
export class ArchiveStorage implements StorageEngine {
  constructor(
    private readonly deploys: DeployService,
    private readonly announced: AnnouncedBuilds,
  ) {}

  /** What multer takes for the request is its body. */
  _handleFile(
    body: Request,
    file: Express.Multer.File,
    done: (error?: unknown, file?: ReceivedFile) => void,
  ): void {
    this.receive((body as unknown as UploadBody).request, file).then(
      (received) => {
        done(null, received);
      },
      (error: unknown) => {
        done(error);
      },
    );
  }

  private async receive(request: Request, file: Express.Multer.File): Promise<ReceivedFile> {
    if (file.fieldname !== 'file') return { text: await readTextPart(file.fieldname, file.stream) };
    return { archive: await this.receiveArchive(request, file) };
  }

  /** A name in the path is the function's; otherwise the file's name is, which is not validated yet. */
  private async receiveArchive(request: Request, file: Express.Multer.File): Promise<ReceivedArchive> {
    const { name } = request.params;
    if (typeof name === 'string') {
      const named = parseFunctionName(name);
      this.announced.announce(request, named);
      return this.deploys.receiveFor(named, file.stream);
    }
    const target = functionNameOfUpload(file.originalname);
    setAuditedSubject(request, () => ({ target, sha256: undefined }));
    requireWithinReach(callerOf(request), target);
    this.announced.announce(request, target);
    return this.deploys.receive(target, file.stream);
  }

  /** multer calls it when the rest of the form is refused after the file has arrived. */
  _removeFile(_body: Request, file: Express.Multer.File, done: (error: Error | null) => void): void {
    const { archive } = file as unknown as { readonly archive?: ReceivedArchive };
    void (archive ? this.deploys.discard(archive) : Promise.resolve()).then(() => {
      done(null);
    });
  }
}
