/** One question to a model and its answer, for people who tune prompts. */
export interface ModelExchange {
  /** What it was asked for, as it travels on the wire: `selection`, `clam`, …; `text` for words. */
  readonly purpose: string;
  /** `provider/model`. */
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  /** Its words, or the sentence of what went wrong instead. */
  readonly answer: string;
}
