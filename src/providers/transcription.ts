/** Bytes that Groq takes at once from every account (console.groq.com/docs/speech-to-text). */
export const LARGEST_RECORDING = 25 * 1024 * 1024;

/** A recording. */
export interface Recording {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** File name with the ending that tells the format, such as `voice.ogg`. */
  readonly name: string;
  /** Language that is spoken, ISO 639-1; guessed when absent. */
  readonly language?: string;
}

/** Turns speech into text. */
export interface Transcriber {
  /**
   * What was said; empty when nobody spoke.
   * @throws {ProviderError} typed, with a sentence that is safe to show
   * @throws {CodedError} `file_too_large`
   * @throws the signal's reason when it is aborted
   */
  transcribe(recording: Recording, signal: AbortSignal): Promise<string>;
}
