/** Something the caller asked for that did not happen as asked, although the call went on. */
export interface CallWarning {
  readonly type: 'unsupported-setting' | 'adjusted-setting' | 'malformed-event' | 'other';
  /** The field of `ModelCall` concerned, for example `topK`. */
  readonly setting?: string;
  /** One sentence for people. */
  readonly message: string;
}
