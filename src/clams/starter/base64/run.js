// deno-lint-ignore-file
async function run({ text, base64 }) {
  if (base64 !== undefined) {
    const decoded = decode(base64);
    return { reply: decoded, data: decoded };
  }
  if (text === undefined) throw new Error("Say what to encode, such as: base64 encode hello");
  const encoded = encode(text);
  return { reply: encoded, data: encoded };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function encode(text) {
  const bytes = new TextEncoder().encode(text);
  let out = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b, c] = bytes.slice(at, at + 3);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    out += LETTERS[bits >> 18] + LETTERS[(bits >> 12) & 63];
    out += b === undefined ? "=" : LETTERS[(bits >> 6) & 63];
    out += c === undefined ? "=" : LETTERS[bits & 63];
  }
  return out;
}

function decode(base64) {
  const plain = base64.replace(/-/g, "+").replace(/_/g, "/").replace(/=+$/, "");
  if (!/^[A-Za-z0-9+/]*$/.test(plain) || plain.length % 4 === 1) {
    throw new Error(`"${base64}" is no Base64 text.`);
  }
  const bits = [...plain].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(6, "0"));
  const bytes = bits.join("").match(/.{8}/g) ?? [];
  try {
    return new TextDecoder("utf-8", { fatal: true })
      .decode(Uint8Array.from(bytes, (byte) => parseInt(byte, 2)));
  } catch {
    throw new Error(`"${base64}" is Base64, but not of a text.`);
  }
}
