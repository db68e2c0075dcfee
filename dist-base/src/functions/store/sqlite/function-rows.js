import { completeSettings } from '../../settings/default-settings.js';
export function functionRow(deployed) {
    return {
        id: deployed.id,
        name: deployed.name,
        ...changeableColumns(deployed),
        created_at: deployed.createdAt.getTime(),
        last_invoked_at: deployed.lastInvokedAt?.getTime() ?? null,
        invoke_count: deployed.invokeCount
    };
}
/** What a change of a function may set; the rest is for ever, or counted. */ export function changeableColumns({ version, settings, secrets, revision }) {
    return {
        current_version_id: version.id,
        settings: JSON.stringify(settings.chosen),
        secrets: JSON.stringify(secrets),
        revision
    };
}
export function versionRow({ id, version }) {
    return {
        id: version.id,
        function_id: id,
        number: version.number,
        sha256: version.sha256,
        code_sha256: version.codeSha256,
        code_bytes: version.codeBytes,
        file_count: version.fileCount,
        created_at: version.createdAt.getTime()
    };
}
export function versionOf(row) {
    return {
        id: row.id,
        number: row.number,
        sha256: row.sha256,
        codeSha256: row.code_sha256,
        codeBytes: row.code_bytes,
        fileCount: row.file_count,
        createdAt: new Date(row.created_at)
    };
}
export function deployedFunctionOf(row, defaults) {
    return {
        id: row.id,
        // Only names that passed the allow-list are ever inserted.
        name: row.name,
        revision: row.revision,
        version: versionOf({
            ...row,
            id: row.current_version_id,
            created_at: row.version_created_at
        }),
        settings: completeSettings(JSON.parse(row.settings), defaults),
        secrets: secretsOf(row.secrets),
        createdAt: new Date(row.created_at),
        lastInvokedAt: row.last_invoked_at === null ? null : new Date(row.last_invoked_at),
        invokeCount: row.invoke_count
    };
}
function secretsOf(column) {
    return JSON.parse(column).map((secret)=>({
            ...secret,
            createdAt: new Date(secret.createdAt),
            updatedAt: new Date(secret.updatedAt)
        }));
}

//# sourceMappingURL=function-rows.js.map