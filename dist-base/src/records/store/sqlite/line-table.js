import { budgetBytesOf } from '../record-store.js';
import { Tally } from './tally.js';
/** What functions printed. Knows how many bytes each holds, so that only what is too much has to be looked for. */ export class LineTable {
    database;
    bytes = new Tally();
    insertion;
    constructor(database){
        this.database = database;
        this.insertion = database.prepare(`INSERT OR IGNORE INTO log_lines (sequence, function_id, function_name, version, revision, invocation_id, at, phase, stream,
         level, text, is_cut, dropped_bytes, budget_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
        this.count();
    }
    /** Counts anew what is there; after a change that was undone, too. */ count() {
        this.bytes = new Tally();
        const rows = this.database.prepare('SELECT function_id, sum(budget_bytes) AS bytes FROM log_lines GROUP BY 1');
        for (const row of rows.iterate())this.bytes.add(String(row['function_id']), Number(row['bytes']));
    }
    insert(lines) {
        for (const line of lines){
            const bytes = budgetBytesOf(line);
            const { changes } = this.insertion.run(...valuesOf(line), bytes);
            if (changes === 1) this.bytes.add(line.function.id, bytes);
        }
    }
    /** Takes the oldest lines away until the budget is kept. */ evict({ logBytesPerFunction, logBytes }) {
        for (const functionId of this.bytes.functionIds){
            const tooMuch = this.bytes.of(functionId) - logBytesPerFunction;
            if (tooMuch > 0) this.dropOldest('WHERE function_id = ?', [
                functionId
            ], tooMuch);
        }
        const tooMuch = this.bytes.total - logBytes;
        if (tooMuch > 0) this.dropOldest('', [], tooMuch);
    }
    find(query) {
        const { conditions, values } = conditionsOf(query);
        const order = query.after === undefined ? 'DESC' : 'ASC';
        const sql = `SELECT * FROM log_lines WHERE ${conditions.join(' AND ')} ORDER BY sequence ${order} LIMIT ?`;
        const lines = this.database.prepare(sql).all(...values, query.limit).map(lineOf);
        return query.after === undefined ? lines.reverse() : lines;
    }
    forget(functionId) {
        this.database.prepare('DELETE FROM log_lines WHERE function_id = ?').run(functionId);
        this.bytes.add(functionId, -this.bytes.of(functionId));
    }
    get functionIds() {
        return this.bytes.functionIds;
    }
    newestSequence() {
        return Number(this.database.prepare('SELECT max(sequence) AS newest FROM log_lines').get()?.['newest'] ?? 0);
    }
    dropOldest(condition, values, tooMuch) {
        const oldest = this.database.prepare(`SELECT sequence, function_id, budget_bytes FROM log_lines ${condition} ORDER BY sequence`);
        let dropped = 0;
        let last = 0;
        for (const row of oldest.iterate(...values)){
            if (dropped >= tooMuch) break;
            const bytes = Number(row['budget_bytes']);
            last = Number(row['sequence']);
            dropped += bytes;
            this.bytes.add(String(row['function_id']), -bytes);
        }
        const also = condition === '' ? 'WHERE' : `${condition} AND`;
        this.database.prepare(`DELETE FROM log_lines ${also} sequence <= ?`).run(...values, last);
    }
}
function conditionsOf(query) {
    const { functionId, invocationId, levels, sinceMs, untilMs, after, before } = query;
    const conditions = [
        'function_id = ?'
    ];
    const values = [
        functionId
    ];
    const require = (condition, value)=>{
        if (value === undefined) return;
        conditions.push(condition);
        values.push(value);
    };
    require('invocation_id = ?', invocationId);
    require('at >= ?', sinceMs);
    require('at < ?', untilMs);
    require('sequence > ?', after);
    require('sequence < ?', before);
    require('level IN (SELECT value FROM json_each(?))', levels && JSON.stringify(levels));
    return {
        conditions,
        values
    };
}
function valuesOf(line) {
    const { sequence, function: of, invocationId, atMs, phase, stream, level, text, isCut, droppedBytes } = line;
    const whose = [
        of.id,
        of.name,
        of.version,
        of.revision,
        invocationId
    ];
    return [
        sequence,
        ...whose,
        atMs,
        phase,
        stream,
        level,
        text,
        isCut ? 1 : 0,
        droppedBytes
    ];
}
function lineOf(row) {
    return {
        sequence: Number(row['sequence']),
        function: {
            id: String(row['function_id']),
            name: String(row['function_name']),
            version: Number(row['version']),
            revision: Number(row['revision'])
        },
        invocationId: row['invocation_id'] === null ? null : String(row['invocation_id']),
        atMs: Number(row['at']),
        phase: row['phase'],
        stream: row['stream'],
        level: row['level'],
        text: String(row['text']),
        isCut: row['is_cut'] === 1,
        droppedBytes: Number(row['dropped_bytes'])
    };
}

//# sourceMappingURL=line-table.js.map