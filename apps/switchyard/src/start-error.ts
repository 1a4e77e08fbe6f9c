/** A reason not to start that a person can do something about: the message is all they need to see. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
