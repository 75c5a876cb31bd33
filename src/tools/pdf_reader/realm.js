// The globals of the realm in which pdf.js reads a document: nothing of the runtime is in it, every
// callback is a microtask of this realm or a task of this list, so that one time limit holds them all.
(() => {
  const tasks = new Map();
  let made = 0;
  globalThis.self = globalThis;
  globalThis.setTimeout = (task, _ms, ...args) => {
    tasks.set(++made, () => task(...args));
    return made;
  };
  globalThis.clearTimeout = (id) => tasks.delete(id);

  // both ends of its message channel are here, and the sender goes on changing what it sent
  globalThis.structuredClone = function clone(value) {
    if (Array.isArray(value)) return value.map(clone);
    if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, clone(one)]));
    const isPlain = value !== null && typeof value === "object" &&
      [Object.prototype, null].includes(Object.getPrototypeOf(value));
    if (!isPlain) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, clone(one)]));
  };

  // what a stream says of its length is not to be believed
  let left = Infinity;
  for (
    const name of ["ArrayBuffer", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array"]
      .concat(["Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array"])
  ) {
    const original = globalThis[name];
    const each = original.BYTES_PER_ELEMENT ?? 1;
    const bounded = new Proxy(original, {
      construct(_, args, target) {
        const [size] = args;
        const length = typeof size === "number" ? size : size?.buffer || size?.length || 0;
        if (typeof length === "number") left -= length * each;
        if (left < 0) throw new RangeError("too much memory");
        return Reflect.construct(original, args, target === bounded ? original : target);
      },
    });
    globalThis[name] = bounded;
  }

  let state = { kind: "idle" };
  /** Starts a step that may make so many bytes of buffers. */
  globalThis.begin = (work, mostBytes) => {
    state = { kind: "busy" };
    left = mostBytes;
    work().then(
      (value) => state = { kind: "done", value },
      (error) => state = { kind: "failed", name: String(error?.name), why: String(error?.message) },
    );
  };
  /** Does the tasks that wait, and tells as JSON how things stand. */
  globalThis.goOn = () => {
    const waiting = [...tasks.values()];
    tasks.clear();
    for (const task of waiting) task();
    return JSON.stringify(state);
  };

  let pdf;
  globalThis.openPdf = async (bytes) => {
    const source = { verbosity: 0, useSystemFonts: false, disableFontFace: true };
    const data = new Uint8Array(bytes);
    pdf = await globalThis.getDocument({ ...source, data, useWasm: false }).promise;
    return pdf.numPages;
  };
  /** The text of a page, or its first characters. */
  globalThis.readPage = async (number, mostChars) => {
    const page = await pdf.getPage(number);
    const reader = page.streamTextContent({}).getReader();
    let text = "";
    while (text.length <= mostChars) {
      const { value, done } = await reader.read();
      if (done) break;
      for (const { str = "", hasEOL } of value.items) text += hasEOL ? `${str}\n` : str;
    }
    if (text.length > mostChars) reader.cancel(new Error("enough")).catch(() => {});
    else page.cleanup();
    return text.slice(0, mostChars + 1);
  };
})();
