/** Endings by which Whisper servers know a format (console.groq.com/docs/speech-to-text). */
const ENDINGS = ["flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "opus", "wav", "webm"];

/** Endings of the same formats that they do not know. */
const SAME: Readonly<Record<string, string>> = {
  oga: "ogg",
  spx: "ogg",
  aac: "m4a",
  mpg: "mpeg",
  m4b: "m4a",
  weba: "webm",
  wave: "wav",
};

/**
 * The name under which a recording is sent: its own, with an ending by which the format is known.
 * The servers go by it alone, and refuse `.oga`, as which voice notes come.
 */
export function audioName(name: string): string {
  const [, stem = name, ending = ""] = /^(.*)\.([A-Za-z0-9]+)$/.exec(name) ?? [];
  const small = ending.toLowerCase();
  if (ENDINGS.includes(small)) return `${stem}.${small}`;
  return `${stem}.${SAME[small] ?? "ogg"}`;
}
