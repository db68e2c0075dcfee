import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import type { DeployedFunction } from './function.js';

export type FunctionListener = (subject: DeployedFunction) => void;

/** Ends what `onDeployed` or `onDeleted` began. */
export type Unsubscribe = () => void;

/**
 * Tells the modules above when a function came or went, so that this one need not know them. A listener is called
 * at once, in the same turn; it must not block, and what it throws is logged and reaches nobody else.
 */
@Injectable()
export class FunctionEvents {
  private readonly deployedListeners = new Set<FunctionListener>();
  private readonly deletedListeners = new Set<FunctionListener>();

  constructor(private readonly log: Log) {}

  onDeployed(listener: FunctionListener): Unsubscribe {
    return subscribe(this.deployedListeners, listener);
  }

  onDeleted(listener: FunctionListener): Unsubscribe {
    return subscribe(this.deletedListeners, listener);
  }

  deployed(subject: DeployedFunction): void {
    this.tell(this.deployedListeners, subject);
  }

  deleted(subject: DeployedFunction): void {
    this.tell(this.deletedListeners, subject);
  }

  private tell(listeners: ReadonlySet<FunctionListener>, subject: DeployedFunction): void {
    for (const listener of listeners) {
      try {
        listener(subject);
      } catch (error) {
        this.log.error({ err: error, function: subject.name }, 'a listener to function events failed');
      }
    }
  }
}

function subscribe(listeners: Set<FunctionListener>, listener: FunctionListener): Unsubscribe {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
