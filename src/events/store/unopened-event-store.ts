import { DomainError } from '../../common/errors/domain-error.js';
import { EventStore } from './event-store.js';

/** Stands where a store will: nothing is taken, and nothing is there. */
export class UnopenedEventStore extends EventStore {
  override accept = refuse;
  override claim = refuse;
  override renew = refuse;
  override settle = refuse;
  override releaseLost = refuse;
  override find = refuse;
  override result = refuse;
  override list = refuse;
  override retry = refuse;
  override retryAll = refuse;
  override delete = refuse;
  override purge = refuse;
  override depths = refuse;
  override queuedBytes = refuse;
  override forgetExpired = refuse;
  override forgetFunction = refuse;
  override retainFunctions = refuse;
  override claimCall = refuse;
  override answerCall = refuse;
  override positions = refuse;
  override advance = refuse;
  override forgetSchedule = refuse;
  override close = () => Promise.resolve();
}

function refuse(): Promise<never> {
  return Promise.reject(
    new DomainError('STORAGE_UNAVAILABLE', 'There is no store of events.', { retryAfterMs: 5000 }),
  );
}
