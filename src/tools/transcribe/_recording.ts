/** What the bytes of a recording say about it. */
export interface RecordingKind {
  /** Ending by which servers know the format. */
  readonly ending: string;
  /** How long it lasts, where that can be told without decoding it. */
  readonly seconds: number | undefined;
}

/** Reads the beginning and the end of a recording; `undefined` when it is of no known format. */
export function readRecordingKind(bytes: Uint8Array): RecordingKind | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = FORMATS.find(({ begins }) => begins(bytes));
  return found && { ending: found.ending, seconds: measured(() => found.lasts(view, bytes)) };
}

interface Format {
  readonly ending: string;
  begins(bytes: Uint8Array): boolean;
  /** May read past the end: then it cannot be told. */
  lasts(view: DataView, bytes: Uint8Array): number | undefined;
}

const FORMATS: readonly Format[] = [
  {
    ending: "wav",
    begins: (bytes) => textAt(bytes, 0, 4) === "RIFF" && textAt(bytes, 8, 4) === "WAVE",
    lasts: lastsWave,
  },
  { ending: "flac", begins: (bytes) => textAt(bytes, 0, 4) === "fLaC", lasts: lastsFlac },
  { ending: "ogg", begins: (bytes) => textAt(bytes, 0, 4) === "OggS", lasts: lastsOgg },
  { ending: "m4a", begins: (bytes) => textAt(bytes, 4, 4) === "ftyp", lasts: lastsMp4 },
  {
    ending: "webm",
    begins: ([a, b, c, d]) => a === 0x1a && b === 0x45 && c === 0xdf && d === 0xa3,
    lasts: () => undefined,
  },
  {
    ending: "mp3",
    begins: (bytes) => textAt(bytes, 0, 3) === "ID3" || isFrame(bytes, 0),
    lasts: lastsMp3,
  },
];

function measured(measure: () => number | undefined): number | undefined {
  try {
    const seconds = measure();
    return seconds !== undefined && Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
  } catch {
    return undefined; // RangeError: it ends before it says so
  }
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

/** RIFF chunks: bytes of sound by bytes a second. */
function lastsWave(view: DataView, bytes: Uint8Array): number | undefined {
  let rate = 0;
  for (let at = 12; at + 8 <= bytes.length;) {
    const [name, size] = [textAt(bytes, at, 4), view.getUint32(at + 4, true)];
    if (name === "fmt ") rate = view.getUint32(at + 16, true);
    if (name === "data") return Math.min(size, bytes.length - at - 8) / rate;
    at += 8 + size + size % 2;
  }
  return undefined;
}

/** Stream information, the first block (RFC 9639, section 8.2): samples by samples a second. */
function lastsFlac(view: DataView): number {
  const rate = view.getUint32(18) >>> 12;
  const samples = (view.getUint8(21) & 0xf) * 2 ** 32 + view.getUint32(22);
  return samples / rate;
}

/** Position in the last page (RFC 3533, section 6) by the rate that the codec says. */
function lastsOgg(view: DataView, bytes: Uint8Array): number | undefined {
  const packet = 27 + view.getUint8(26);
  const codec = textAt(bytes, packet, 8);
  const opus = codec === "OpusHead";
  const rate = opus
    ? 48_000
    : codec.startsWith("\x01vorbis")
    ? view.getUint32(packet + 12, true)
    : codec === "Speex   "
    ? view.getUint32(packet + 36, true)
    : 0;
  const skipped = opus ? view.getUint16(packet + 10, true) : 0;
  for (let at = bytes.length - 27; at >= 0; at--) {
    if (bytes[at] !== 0x4f || textAt(bytes, at, 4) !== "OggS") continue;
    const position = view.getBigUint64(at + 6, true);
    return rate === 0 ? undefined : (Number(position) - skipped) / rate;
  }
  return undefined;
}

/** The header of the movie (ISO 14496-12, 8.2.2). */
function lastsMp4(view: DataView, bytes: Uint8Array): number | undefined {
  const movie = findBox(view, bytes, "moov", 0, bytes.length);
  const header = movie && findBox(view, bytes, "mvhd", movie.from, movie.to);
  if (!header) return undefined;
  const isWide = view.getUint8(header.from) === 1;
  const at = header.from + (isWide ? 20 : 12);
  const length = isWide ? Number(view.getBigUint64(at + 4)) : view.getUint32(at + 4);
  return length / view.getUint32(at);
}

function findBox(view: DataView, bytes: Uint8Array, name: string, from: number, to: number) {
  for (let at = from; at + 8 <= to;) {
    const short = view.getUint32(at);
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? to - at : short;
    if (size < 8) return undefined;
    const begins = at + (short === 1 ? 16 : 8);
    if (textAt(bytes, at + 4, 4) === name) return { from: begins, to: Math.min(at + size, to) };
    at += size;
  }
  return undefined;
}

const KILOBITS = {
  one: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  two: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const RATES = [44_100, 48_000, 32_000];

/** A header of MPEG audio, layer III (ISO 11172-3, 2.4.1.3). */
function isFrame(bytes: Uint8Array, at: number): boolean {
  const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
  return first === 0xff && (second & 0xe6) === 0xe2 && third >> 4 !== 15 && third >> 4 !== 0 &&
    (third >> 2 & 3) !== 3 && (second >> 3 & 3) !== 1;
}

/** The number of frames that encoders write into the first one; else bytes by the bit rate there. */
function lastsMp3(view: DataView, bytes: Uint8Array): number | undefined {
  const tag = textAt(bytes, 0, 3) === "ID3"
    ? 10 + [6, 7, 8, 9].reduce((size, at) => size * 128 + view.getUint8(at), 0)
    : 0;
  let at = tag;
  while (at < tag + 4096 && !isFrame(bytes, at)) at++;
  if (!isFrame(bytes, at)) return undefined;
  const [second, third] = [view.getUint8(at + 1), view.getUint8(at + 2)];
  const version = second >> 3 & 3; // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
  const rate = (RATES[third >> 2 & 3] ?? 0) / (version === 3 ? 1 : version === 2 ? 2 : 4);
  const isMono = view.getUint8(at + 3) >> 6 === 3;
  const side = version === 3 ? isMono ? 17 : 32 : isMono ? 9 : 17;
  const mark = at + 4 + side;
  if (["Xing", "Info"].includes(textAt(bytes, mark, 4)) && (view.getUint32(mark + 4) & 1) === 1) {
    return view.getUint32(mark + 8) * (version === 3 ? 1152 : 576) / rate;
  }
  const kilobits = (version === 3 ? KILOBITS.one : KILOBITS.two)[third >> 4] ?? 0;
  return (bytes.length - at) * 8 / (kilobits * 1000);
}
