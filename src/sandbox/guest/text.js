/**
 * `TextEncoder`, `TextDecoder` (UTF-8 only) and `structuredClone`, which the engine lacks and
 * programs expect. Ordinary code of the guest: nothing rests on it that has to be safe.
 * Encoding Standard: https://encoding.spec.whatwg.org.
 */
(function text() {
  "use strict";
  // ---- text and bytes ----
  class TextEncoder {
    get encoding() {
      return "utf-8";
    }
    encode(text = "") {
      const binary = unescape(encodeURIComponent(String(text).toWellFormed()));
      const bytes = new Uint8Array(binary.length);
      for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
      return bytes;
    }
    encodeInto(text, target) {
      let read = 0, written = 0;
      for (const character of String(text)) {
        const bytes = this.encode(character);
        if (written + bytes.length > target.length) break;
        target.set(bytes, written);
        written += bytes.length;
        read += character.length;
      }
      return { read, written };
    }
  }

  const bytesOf = (input) =>
    input === undefined
      ? new Uint8Array(0)
      : ArrayBuffer.isView(input)
      ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
      : new Uint8Array(input);

  /** Code points of UTF-8; what is malformed becomes -1, once per maximal wrong piece. */
  const decodeUtf8 = (bytes, take) => {
    for (let i = 0; i < bytes.length;) {
      const first = bytes[i++];
      if (first < 0x80) {
        take(first);
        continue;
      }
      const more = first >= 0xc2 && first < 0xe0
        ? 1
        : first >= 0xe0 && first < 0xf0
        ? 2
        : first >= 0xf0 && first < 0xf5
        ? 3
        : 0;
      let point = more === 0 ? -1 : first & (0x3f >> more);
      for (let k = 0; k < more; k++) {
        const low = k > 0 ? 0x80 : first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
        const high = k > 0 ? 0xbf : first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
        const next = bytes[i];
        if (!(next >= low && next <= high)) {
          point = -1;
          break;
        }
        point = (point << 6) | (next & 0x3f);
        i++;
      }
      take(point);
    }
  };

  class TextDecoder {
    #fatal;
    #keepsMark;
    constructor(label = "utf-8", options = {}) {
      if (!/^\s*(utf-?8|unicode-1-1-utf-8)\s*$/i.test(label)) {
        throw new RangeError("Only utf-8 can be decoded, not " + label);
      }
      this.#fatal = Boolean(options.fatal);
      this.#keepsMark = Boolean(options.ignoreBOM);
    }
    get encoding() {
      return "utf-8";
    }
    get fatal() {
      return this.#fatal;
    }
    get ignoreBOM() {
      return this.#keepsMark;
    }
    decode(input) {
      const pieces = [];
      let points = [];
      decodeUtf8(bytesOf(input), (point) => {
        if (point < 0 && this.#fatal) throw new TypeError("The bytes are not valid UTF-8");
        points.push(point < 0 ? 0xfffd : point);
        if (points.length === 4096) {
          pieces.push(String.fromCodePoint.apply(null, points));
          points = [];
        }
      });
      pieces.push(String.fromCodePoint.apply(null, points));
      const text = pieces.join("");
      return !this.#keepsMark && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
  }

  // ---- copies ----
  const structuredClone = (value) => {
    const copies = new Map();
    const copy = (one) => {
      if (typeof one === "symbol" || typeof one === "function") {
        throw new DOMException(String(one) + " could not be cloned", "DataCloneError");
      }
      if (typeof one !== "object" || one === null) return one;
      if (copies.has(one)) return copies.get(one);
      const keep = (made) => (copies.set(one, made), made);
      if (one instanceof Date) return keep(new Date(one.getTime()));
      if (one instanceof RegExp) return keep(new RegExp(one.source, one.flags));
      if (one instanceof ArrayBuffer) return keep(one.slice(0));
      if (one instanceof DataView) {
        return keep(new DataView(copy(one.buffer), one.byteOffset, one.byteLength));
      }
      if (ArrayBuffer.isView(one)) {
        return keep(new one.constructor(copy(one.buffer), one.byteOffset, one.length));
      }
      if (one instanceof Map) {
        const made = keep(new Map());
        for (const [key, inner] of [...one]) made.set(copy(key), copy(inner));
        return made;
      }
      if (one instanceof Set) {
        const made = keep(new Set());
        for (const inner of [...one]) made.add(copy(inner));
        return made;
      }
      if (one instanceof Error) {
        const made = keep(new Error(one.message));
        return Object.assign(made, { name: one.name, stack: one.stack });
      }
      const made = keep(Array.isArray(one) ? new Array(one.length) : {});
      for (const key of Object.keys(one)) {
        Object.defineProperty(made, key, {
          value: copy(one[key]),
          writable: true,
          enumerable: true,
          configurable: true,
        });
      }
      return made;
    };
    return copy(value);
  };

  const expose = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });

  expose("TextEncoder", TextEncoder);
  expose("TextDecoder", TextDecoder);
  expose("structuredClone", structuredClone);
});
