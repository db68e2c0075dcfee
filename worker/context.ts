import type { InvokeMessage, LoadMessage } from '../src/ipc/protocol/messages.js';
import { monotonicMs } from './primordials.js';

/** The second argument of a handler: AWS Lambda's context. */
export interface FunctionContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** A string, as on Lambda. */
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** The trace that the call is part of, 32 hexadecimal digits; its span is in the event's `traceparent`. */
  readonly traceId: string;
  /** Accepted for compatibility with Lambda: an answer never waits for the event loop here. */
  callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
}

export type FunctionIdentity = Pick<LoadMessage, 'functionName' | 'functionVersion' | 'memoryLimitMiB'>;

/** The account and region stand in for AWS's: code that takes an ARN apart finds every part. */
const arnPrefix = 'arn:aws:lambda:us-east-1:000000000000:function';

export function createContext(identity: FunctionIdentity, message: InvokeMessage): FunctionContext {
  const { functionName, functionVersion, memoryLimitMiB } = identity;
  const deadlineMs = monotonicMs() + message.remainingMs;
  return {
    awsRequestId: message.invocationId,
    functionName,
    functionVersion,
    invokedFunctionArn: `${arnPrefix}:${functionName}`,
    memoryLimitInMB: String(memoryLimitMiB),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: `${functionVersion}/${message.invocationId}`,
    traceId: message.traceparent.split('-')[1] ?? '',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadlineMs - monotonicMs())),
  };
}
