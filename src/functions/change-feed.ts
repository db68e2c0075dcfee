import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import type { FunctionName } from './function-name.js';
import type { DeployedFunction } from './function.js';

/** What became of a function, as the store has it. */
export interface FunctionChange {
  readonly functionId: string;
  readonly name: FunctionName;
  /** One more than the revision that was replaced or deleted. */
  readonly revision: number;
  /** What the function is with this revision; null when it was deleted. */
  readonly current: DeployedFunction | null;
}

export type ChangeFollower = (change: FunctionChange) => void;

/**
 * Tells every server of each change that the store has taken: in order for one function, and each once. A follower must
 * cope all the same with a change that comes late or twice, as it does after a lost connection: revisions only grow.
 * `test/contract/change-feed.contract.ts` is the specification.
 */
export abstract class ChangeFeed {
  /** From now on; the returned function ends it. What a follower throws is logged and reaches nobody else. */
  abstract follow(follower: ChangeFollower): () => void;
  /** Of a change that is in the store. When it returns, the followers in this server have seen it. */
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
