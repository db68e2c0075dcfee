/** Every way to break the protocol. The list is closed: metrics and log lines are grouped by it. */
export type ViolationReason =
  | 'json-too-long'
  | 'body-too-long'
  | 'frame-too-slow'
  | 'invalid-json'
  | 'invalid-message'
  | 'unknown-type'
  | 'unexpected-body'
  | 'without-credit'
  | 'unread'
  | 'too-much-output'
  | 'wrong-phase'
  | 'wrong-invocation'
  | 'wrong-answer'
  | 'wrong-version'
  | 'wrong-token';

/** The other side said something it must not say. Nothing it says afterwards is worth reading. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';
  readonly reason: ViolationReason;

  constructor(reason: ViolationReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
