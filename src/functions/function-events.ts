import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import type { DeployedFunction } from './function.js';

export type FunctionListener = (subject: DeployedFunction) => void;

/** Gets the function before and after; the two differ in their revision. */
export type ReplacementListener = (before: DeployedFunction, after: DeployedFunction) => void;

/** Removes the listener that `onDeployed` or `onDeleted` added. */
export type Unsubscribe = () => void;

/**
 * Tells the modules above when a function was deployed, changed, broken or deleted, so that this one need not know them.
 * A listener is called synchronously; it must not block, and what it throws is logged and affects nobody else.
 */
@Injectable()
export class FunctionEvents {
  private readonly deployedListeners = new Set<FunctionListener>();
  private readonly replacedListeners = new Set<ReplacementListener>();
  private readonly deletedListeners = new Set<FunctionListener>();
  private readonly brokenListeners = new Set<FunctionListener>();

  constructor(private readonly log: Log) {}

  onDeployed(listener: FunctionListener): Unsubscribe {
    return subscribe(this.deployedListeners, listener);
  }

  onReplaced(listener: ReplacementListener): Unsubscribe {
    return subscribe(this.replacedListeners, listener);
  }

  onDeleted(listener: FunctionListener): Unsubscribe {
    return subscribe(this.deletedListeners, listener);
  }

  /** Its code was found missing or changed on the disk; calls are refused until that is fixed. */
  onBroken(listener: FunctionListener): Unsubscribe {
    return subscribe(this.brokenListeners, listener);
  }

  deployed(subject: DeployedFunction): void {
    this.tell(this.deployedListeners, subject);
  }

  replaced(before: DeployedFunction, after: DeployedFunction): void {
    this.tell(this.replacedListeners, before, after);
  }

  deleted(subject: DeployedFunction): void {
    this.tell(this.deletedListeners, subject);
  }

  broken(subject: DeployedFunction): void {
    this.tell(this.brokenListeners, subject);
  }

  private tell<Subjects extends readonly [DeployedFunction, ...DeployedFunction[]]>(
    listeners: ReadonlySet<(...subjects: Subjects) => void>,
    ...subjects: Subjects
  ): void {
    for (const listener of listeners) {
      try {
        listener(...subjects);
      } catch (error) {
        this.log.error({ err: error, function: subjects[0].name }, 'a listener to function events failed');
      }
    }
  }
}

function subscribe<Listener>(listeners: Set<Listener>, listener: Listener): Unsubscribe {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
