/** Whoever can write the server's directory is its owner; no network is involved. */ const owner = {
    actor: 'local',
    requestId: null,
    address: null
};
/** Rejects as `KeyService` does. */ export async function runKeysCommand(command, keys) {
    switch(command.kind){
        case 'create':
            {
                const { key, text } = await keys.create(command.key, owner);
                return {
                    out: text,
                    remark: `This is key ${key.id}. It is shown this once: keep it in a safe place.`
                };
            }
        case 'list':
            return listed(await keys.list());
        case 'revoke':
            await keys.revoke(command.id, owner);
            return {
                out: '',
                remark: `Key ${command.id} is revoked. A running server knows within a second.`
            };
        default:
            return command;
    }
}
function listed(keys) {
    const rows = keys.map((key)=>[
            key.id,
            stateOf(key),
            key.lastUsedOn ?? 'never used',
            key.scopes.join(','),
            key.name
        ]);
    const lines = [
        [
            'id',
            'until',
            'last used',
            'scopes',
            'name'
        ],
        ...rows
    ].map((row)=>row.join('\t'));
    return {
        out: keys.length === 0 ? '' : lines.join('\n'),
        remark: keys.length === 0 ? 'There is no key, so the server needs none.' : ''
    };
}
function stateOf({ revokedAt, expiresAt }) {
    if (revokedAt) return `revoked ${revokedAt.toISOString()}`;
    return expiresAt ? expiresAt.toISOString() : 'forever';
}

//# sourceMappingURL=run-command.js.map