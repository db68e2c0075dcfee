function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
function _ts_metadata(metadataKey, metadataValue) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") {
        return Reflect.metadata(metadataKey, metadataValue);
    }
}
function _ts_param(paramIndex, decorator) {
    return function(target, key) {
        decorator(target, key, paramIndex);
    };
}
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/time/clock.js';
import { RecordWriter } from '../record-writer.js';
import { recordsSettings } from '../records.settings.js';
import { RecordStore } from '../store/record-store.js';
import { LogFeed } from './log-feed.js';
import { LogFollower } from './log-follower.js';
import { maxLines } from './log-query.js';
export class LogFollowing {
    store;
    writer;
    feed;
    clock;
    settings;
    constructor(store, writer, feed, clock, settings){
        this.store = store;
        this.writer = writer;
        this.feed = feed;
        this.clock = clock;
        this.settings = settings;
    }
    /**
   * Resolves when the stream is live. Rejects, with nothing sent yet, as `LogFeed.subscribe` and `RecordStore.lines`
   * do.
   */ async follow({ id }, stream, { filter, after }) {
        const follower = new LogFollower(stream, (line)=>matches(line, filter), this.settings.followerBytes);
        // Before the kept lines are read, so that none falls between the two.
        const unsubscribe = this.feed.subscribe(id, follower);
        stream.onClosed(unsubscribe);
        try {
            await this.writer.flush();
            const query = {
                ...filter,
                functionId: id,
                ...after === undefined ? {} : {
                    after,
                    limit: maxLines
                }
            };
            const first = await this.store.lines(query);
            stream.open();
            this.beat(stream, follower);
            follower.goLive(await this.sendKept(stream, follower, {
                query,
                first
            }));
        } catch (error) {
            unsubscribe();
            throw error;
        }
    }
    /** Page after page where the client asks for all since a line; resolves to the number of the last one. */ async sendKept(stream, follower, { query, first }) {
        let last = query.after ?? 0;
        for(let page = first; page.length > 0 && stream.isOpen;){
            for (const line of page){
                await stream.drained();
                follower.sendKept(line);
            }
            last = page.at(-1)?.sequence ?? last;
            const mayBeMore = query.after !== undefined && page.length === query.limit;
            page = mayBeMore ? await this.store.lines({
                ...query,
                after: last
            }) : [];
        }
        return last;
    }
    beat(stream, follower) {
        const beatLater = ()=>this.clock.schedule(this.settings.heartbeatSeconds * 1000, ()=>{
                follower.heartbeat();
                cancel = beatLater();
            });
        let cancel = beatLater();
        stream.onClosed(()=>{
            cancel();
        });
    }
}
LogFollowing = _ts_decorate([
    Injectable(),
    _ts_param(4, Inject(recordsSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof RecordStore === "undefined" ? Object : RecordStore,
        typeof RecordWriter === "undefined" ? Object : RecordWriter,
        typeof LogFeed === "undefined" ? Object : LogFeed,
        typeof Clock === "undefined" ? Object : Clock,
        typeof RecordsSettings === "undefined" ? Object : RecordsSettings
    ])
], LogFollowing);
function matches(line, { invocationId, levels, sinceMs }) {
    return (invocationId === undefined || line.invocationId === invocationId) && (levels === undefined || levels.includes(line.level)) && (sinceMs === undefined || line.atMs >= sinceMs);
}

//# sourceMappingURL=log-following.js.map