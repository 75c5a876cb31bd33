/**
 * One way to write a value, step by step. Each step is written in one of a few ways; between two
 * steps there may be signs that mean nothing, such as line ends in base64.
 */
export interface Form {
  /** Each step's spellings; those of more than one sign count in any case. */
  readonly steps: readonly (readonly string[])[];
  /** Signs that may stand between two steps. */
  readonly between: string;
  /** The sign before the first step may hold bits of the value too, and is taken with it. */
  readonly takesBefore: boolean;
  /** So may the one behind the last step. */
  readonly takesBehind: boolean;
}

/** Encodings of fewer signs than this stand in any text by chance. */
const SHORTEST_ENCODING = 5;

const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LINE_ENDS = "\r\n \t";
const HEX_SEPARATORS = ": -_,\r\n\t";

/**
 * Every way in which a value may come out: as it is, with any of its signs escaped as in addresses,
 * JSON or HTML, reversed, in hexadecimal digits, in base64 of both alphabets wherever it begins
 * within what was encoded (so also behind a name and a colon, as basic authentication has it).
 */
export function formsOf(value: string): Form[] {
  const bytes = new TextEncoder().encode(value);
  const escaped = (signs: readonly string[]): Form => ({
    ...{ between: "", takesBefore: false, takesBehind: false },
    steps: signs.map(spellingsOf),
  });
  const signs = [...value];
  const hex = [...bytes].map((byte) => [byte.toString(16).padStart(2, "0")]);
  return [
    escaped(signs),
    escaped(signs.toReversed()),
    {
      ...{ between: HEX_SEPARATORS, takesBefore: false, takesBehind: false },
      steps: hex,
    },
    ...[0, 1, 2].map((offset) => base64From(bytes, offset)),
  ].filter(({ steps }, index) => index < 2 || steps.length >= SHORTEST_ENCODING);
}

/** The ways to write one sign in texts, addresses, JSON and HTML. */
function spellingsOf(sign: string): string[] {
  const percent = [...new TextEncoder().encode(sign)]
    .map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  const unicode = Array.from({ length: sign.length }, (_, at) => sign.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  const point = sign.codePointAt(0) ?? 0;
  const entities = [`&#${point};`, `&#x${point.toString(16)};`];
  const escape = ESCAPES[sign];
  const entity = ENTITIES[sign];
  return [
    ...(percent === sign ? [] : [percent, percent.replaceAll("%", "%25")]),
    unicode,
    `\\${unicode}`,
    `\\u{${point.toString(16)}}`,
    ...(point < 256 ? [`\\x${point.toString(16).padStart(2, "0")}`] : []),
    ...entities,
    ...(escape === undefined ? [] : [escape, JSON.stringify(escape).slice(1, -1)]),
    ...(entity === undefined ? [] : [entity]),
    ...(sign === " " ? ["+"] : []),
    sign,
  ];
}

/** Escapes of JSON and JavaScript that are no numbers. */
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "'": "\\'",
  "\\": "\\\\",
  "/": "\\/",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/**
 * What base64 makes of the value when `offset` other bytes (modulo 3) stand before it: the signs that
 * depend on the value alone. A sign before and one behind them hold bits of it and of its neighbour.
 */
function base64From(bytes: Uint8Array, offset: number): Form {
  const bits = [...new Uint8Array(offset), ...bytes].map((byte) =>
    byte.toString(2).padStart(8, "0")
  )
    .join("");
  const first = Math.ceil(8 * offset / 6);
  const last = Math.floor(bits.length / 6);
  const steps = Array.from({ length: Math.max(0, last - first) }, (_, at) => {
    const place = 6 * (first + at);
    const sign = STANDARD[Number.parseInt(bits.slice(place, place + 6), 2)] ?? "";
    return sign === "+" ? ["+", "-"] : sign === "/" ? ["/", "_", "\\/"] : [sign];
  });
  return {
    steps,
    between: LINE_ENDS,
    takesBefore: 8 * offset % 6 !== 0,
    takesBehind: bits.length % 6 !== 0,
  };
}
