import { describeChangeFeed } from '../../test/contract/change-feed.contract.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { InProcessChangeFeed } from './change-feed.js';

describeChangeFeed('the feed of one server', () => new InProcessChangeFeed(new RecordingLog()));
