import { parseFunctionName } from '../function-name.js';
/** Lets multer stream a file straight into the code store instead of a directory or memory of its own. */ export class ArchiveStorage {
    deploys;
    constructor(deploys){
        this.deploys = deploys;
    }
    _handleFile(request, file, done) {
        this.receive(request.params['name'], file).then((archive)=>{
            done(null, {
                archive
            });
        }, (error)=>{
            done(error);
        });
    }
    /** A name in the path is the function's; otherwise the file's name is. */ async receive(name, file) {
        if (typeof name !== 'string') return this.deploys.receive(file.originalname, file.stream);
        return this.deploys.receiveFor(parseFunctionName(name), file.stream);
    }
    /** multer calls it when the rest of the form is refused after the file has arrived. */ _removeFile(_request, file, done) {
        const { archive } = file;
        void (archive ? this.deploys.discard(archive) : Promise.resolve()).then(()=>{
            done(null);
        });
    }
}

//# sourceMappingURL=archive-storage.js.map