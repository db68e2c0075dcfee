import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import type { FunctionName } from './function-name.js';
import type { DeployedFunction } from './function.js';

/** A change of a function that the store has recorded. */
export interface FunctionChange {
  readonly functionId: string;
  readonly name: FunctionName;
  /** One more than the revision that was replaced or deleted. */
  readonly revision: number;
  /** The function with this revision; null when it was deleted. */
  readonly current: DeployedFunction | null;
}

export type ChangeFollower = (change: FunctionChange) => void;

/**
 * Announces each recorded change to every server: once, and in order for one function. A follower must still cope with a
 * change that comes late or twice, as after a lost connection: revisions only grow.
 * `test/contract/change-feed.contract.ts` is the specification.
 */
export abstract class ChangeFeed {
  /** Follows from now on; the returned function stops. What a follower throws is logged and affects nobody else. */
  abstract follow(follower: ChangeFollower): () => void;
  /** Announces a change that is in the store. When it returns, the followers in this server have seen it. */
  abstract publish(change: FunctionChange): void;
}

/** For one server: its followers are called at once. */
@Injectable()
export class InProcessChangeFeed extends ChangeFeed {
  private readonly followers = new Set<ChangeFollower>();

  constructor(private readonly log: Log) {
    super();
  }

  override follow(follower: ChangeFollower): () => void {
    const own: ChangeFollower = (change) => {
      follower(change);
    };
    this.followers.add(own);
    return () => {
      this.followers.delete(own);
    };
  }

  override publish(change: FunctionChange): void {
    for (const follower of this.followers) {
      try {
        follower(change);
      } catch (error) {
        this.log.error({ err: error, function: change.name }, 'a follower of the change feed failed');
      }
    }
  }
}

/** The change that made a function what it is. */
export function changeTo(current: DeployedFunction): FunctionChange {
  return { functionId: current.id, name: current.name, revision: current.revision, current };
}

export function deletionOf({ id, name, revision }: DeployedFunction): FunctionChange {
  return { functionId: id, name, revision: revision + 1, current: null };
}
