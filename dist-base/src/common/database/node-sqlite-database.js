/** Gives Node's built-in SQLite the shape that Kysely's SQLite dialect asks for, so that no native addon is needed. */ export class NodeSqliteDatabase {
    database;
    constructor(database){
        this.database = database;
    }
    close() {
        this.database.close();
    }
    prepare(sql) {
        // SQLite has already rolled back by itself after some failures, a full disk among them. Kysely's own rollback
        // would then fail too, and hide the failure that matters.
        if (sql === 'rollback' && !this.database.isTransaction) return nothingToDo;
        const statement = this.database.prepare(sql);
        return {
            reader: statement.columns().length > 0,
            all: (parameters)=>statement.all(...parameters),
            run: (parameters)=>statement.run(...parameters),
            iterate: (parameters)=>statement.iterate(...parameters)
        };
    }
}
const nothingToDo = {
    reader: false,
    all: ()=>[],
    run: ()=>({
            changes: 0,
            lastInsertRowid: 0
        }),
    iterate: ()=>[].values()
};

//# sourceMappingURL=node-sqlite-database.js.map