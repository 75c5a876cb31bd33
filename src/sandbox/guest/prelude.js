/**
 * The guest's side of the bridge: evaluated in every fresh engine before any program, so it may
 * trust what it captures then, and nothing that it looks up later. Called with four functions of
 * the host, which nothing else inside ever sees; returns five functions for the host. Everything
 * that crosses is a string, a number or nothing.
 *
 * - `call(tool, refused, text)` → number of the call
 * - `print(line)`
 * - `report(what, ...texts)` answers `finish` and `explain`
 * - `entropy()` → 4096 bytes as Uint8Array
 */
(function prelude(call, print, report, entropy) {
  "use strict";
  const { apply, defineProperty } = Reflect;
  const { parse, stringify } = JSON;
  const { isPrototypeOf } = Object.prototype;
  const { slice } = String.prototype;
  const Promise_ = Promise, Error_ = Error, String_ = String, TypeError_ = TypeError;
  const Uint8 = Uint8Array, Uint32 = Uint32Array;
  const internalError = InternalError.prototype, rangeError = RangeError.prototype;
  const anyError = Error.prototype;
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
  const getterOf = (key) => Object.getOwnPropertyDescriptor(typedArray, key).get;
  const bufferOf = getterOf("buffer"), offsetOf = getterOf("byteOffset");
  const bytesOf = getterOf("byteLength"), kindOf = getterOf(Symbol.toStringTag);

  const set = (object, key, value, enumerable, fixed) =>
    defineProperty(object, key, {
      __proto__: null,
      value,
      enumerable,
      writable: !fixed,
      configurable: !fixed,
    });
  const cut = (value, length) => {
    try {
      return apply(slice, typeof value === "string" ? value : String_(value), [0, length]);
    } catch {
      return "";
    }
  };
  const read = (object, key) => {
    try {
      return object[key];
    } catch {
      return undefined;
    }
  };
  const descends = (object, prototype) => {
    try {
      return apply(isPrototypeOf, prototype, [object]);
    } catch {
      return false;
    }
  };

  // the engine would hand out the functions of this file as parts of a stack
  set(Error, "prepareStackTrace", undefined, false, true);

  // ---- tools ----
  const pending = { __proto__: null }, failed = { __proto__: null };
  let lastId = 0, args, longestArgs = 0, longestOutput = 0;

  const callTool = (name, input) => {
    let refused = "", text = "{}";
    if (input.length > 1) {
      refused = "not_object";
    } else if (input.length === 1 && input[0] !== undefined) {
      try {
        text = stringify(input[0]);
      } catch {
        refused = "not_json";
      }
      if (refused === "" && (typeof text !== "string" || text[0] !== "{")) refused = "not_object";
      else if (refused === "" && text.length > longestArgs) refused = "too_large";
    }
    return new Promise_((resolve, reject) => {
      const error = new Error_(); // made here, so that its stack names the line of the call
      const id = call(name, refused, refused === "" ? text : "");
      if (id > lastId) lastId = id;
      pending[id] = { __proto__: null, resolve, reject, error };
    });
  };

  const settle = (id, text, code) => {
    const one = pending[id];
    if (one === undefined) return;
    delete pending[id];
    if (code === undefined) {
      let value;
      try {
        value = parse(text);
      } catch (error) {
        one.reject(error);
        return;
      }
      one.resolve(value);
      return;
    }
    set(one.error, "message", text, false, false);
    set(one.error, "code", code, true, false);
    failed[id] = one.error;
    one.reject(one.error);
  };

  // ---- the program ----
  const begin = (order) => {
    const { tools, args: input, argumentBytes, outputBytes, consoleBytes } = parse(order);
    longestArgs = argumentBytes;
    longestOutput = outputBytes;
    room = consoleBytes;
    args = input;
    set(globalThis, "args", args, true, true);
    for (let i = 0; i < tools.length; i++) {
      const { tool, name } = tools[i];
      const made = (...input) => callTool(tool, input);
      set(made, "name", name, false, false);
      set(globalThis, name, made, true, true);
    }
  };

  let called = false, first;
  const watchRun = (run) =>
    typeof run !== "function" ? run : function (...input) {
      const isFirst = !called;
      called = true;
      const result = apply(run, this, input);
      if (isFirst) first = result;
      return result;
    };
  const endRun = (run) => {
    if (called) return first;
    if (run === undefined) return undefined;
    if (typeof run === "function") return run(args);
    throw new TypeError_("run is no function; define async function run(args) { … }");
  };
  const start = (script) => script(watchRun, endRun);

  const finish = (value) => {
    if (value === undefined) return report("done");
    let text;
    try {
      text = stringify(value);
    } catch (error) {
      return report("bad", cut(read(error, "message"), 500));
    }
    if (typeof text !== "string") return report("bad", "it is a " + typeof value);
    if (text.length > longestOutput) return report("large", cut(text.length, 20));
    report("done", text);
  };

  const explain = (error) => {
    const isObject = (typeof error === "object" && error !== null) || typeof error === "function";
    const stack = isObject ? cut(read(error, "stack"), 4000) : "";
    for (let id = 1; isObject && id <= lastId; id++) {
      if (failed[id] === error) return report("call", cut(id, 20), stack);
    }
    const message = isObject ? read(error, "message") : error;
    const kind = error === null
      ? "null"
      : !isObject
      ? ""
      : descends(error, internalError)
      ? "internal"
      : descends(error, rangeError)
      ? "range"
      : "";
    const name = isObject ? read(error, "name") : undefined;
    report(
      "error",
      kind,
      typeof name === "string" ? cut(name, 100) : "",
      message === undefined && isObject ? show(error) : cut(message, 2000),
      stack,
    );
  };

  // ---- console ----
  let room = 0;
  const show = (value) => {
    if (typeof value === "string") return value;
    if (typeof value === "bigint") return cut(value, 1000) + "n";
    if (typeof value === "function") return "[function " + cut(read(value, "name"), 100) + "]";
    if (typeof value !== "object" || value === null) return cut(value, 1000);
    try {
      if (descends(value, anyError)) {
        return cut(value.name, 100) + ": " + cut(value.message, 2000);
      }
      const text = stringify(value);
      return typeof text === "string" ? text : "[object]";
    } catch {
      return "[object]";
    }
  };
  const log = (...values) => {
    if (room < 0) return;
    let line = "";
    for (let i = 0; i < values.length; i++) {
      line += (i === 0 ? "" : " ") + show(values[i]);
      if (line.length > room) break;
    }
    line = cut(line, room + 1);
    room -= line.length + 1;
    print(line);
  };
  const console = { __proto__: Object.prototype };
  set(console, "log", log, true, true);
  set(console, "info", log, true, true);
  set(console, "warn", log, true, true);
  set(console, "error", log, true, true);
  set(console, "debug", log, true, true);
  set(globalThis, "console", console, true, true);

  // ---- chance ----
  const WORDS = 1024;
  let words, used = WORDS;
  const word = () => {
    if (used === WORDS) {
      words = new Uint32(apply(bufferOf, entropy(), []));
      used = 0;
    }
    return words[used++];
  };
  set(
    Math,
    "random",
    () => ((word() >>> 5) * 0x4000000 + (word() >>> 6)) / 0x20000000000000,
    false,
    false,
  );
  const crypto = { __proto__: Object.prototype };
  set(
    crypto,
    "getRandomValues",
    (array) => {
      const kind = apply(kindOf, array, []);
      if (kind === undefined || kind[0] === "F") {
        throw new TypeError_(
          "getRandomValues needs an integer array",
        );
      }
      const length = apply(bytesOf, array, []);
      if (length > 65536) throw new TypeError_("getRandomValues gives at most 65536 bytes");
      const bytes = new Uint8(apply(bufferOf, array, []), apply(offsetOf, array, []), length);
      for (let i = 0, four = 0; i < length; i++) bytes[i] = four = i & 3 ? four >>> 8 : word();
      return array;
    },
    true,
    true,
  );
  set(
    crypto,
    "randomUUID",
    () => {
      const digits = "0123456789abcdef";
      let text = "";
      for (let i = 0; i < 32; i++) {
        const digit = i === 12 ? 4 : i === 16 ? 8 + (word() & 3) : word() & 15;
        text += (i === 8 || i === 12 || i === 16 || i === 20 ? "-" : "") + digits[digit];
      }
      return text;
    },
    true,
    true,
  );
  set(globalThis, "crypto", crypto, false, false);

  return { __proto__: null, begin, start, settle, finish, explain };
});
