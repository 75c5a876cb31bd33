/**
 * `URL` and `URLSearchParams`, which the engine lacks and programs expect. Ordinary code of the
 * guest: nothing rests on it that has to be safe. Called with one function of the host:
 * `url("new", text, base?)` and `url("set", href, part, value)` give the JSON text of a URL's
 * parts, or "" for none. URL Standard: https://url.spec.whatwg.org.
 */
(function urls(url) {
  "use strict";
  const encodeForm = (text) =>
    encodeURIComponent(String(text).toWellFormed()).replace(/%20/g, "+").replace(
      /[!'()~]/g,
      (one) => "%" + one.charCodeAt(0).toString(16).toUpperCase(),
    );
  const decodeForm = (text) => {
    const plain = text.replace(/\+/g, " ");
    try {
      return decodeURIComponent(plain);
    } catch {
      const binary = unescape(encodeURIComponent(plain.toWellFormed())).replace(
        /%([0-9a-f]{2})/gi,
        (_, hex) => String.fromCharCode(parseInt(hex, 16)),
      );
      return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
        Uint8Array.from(binary, (one) => one.charCodeAt(0)),
      );
    }
  };
  const parseQuery = (text) =>
    text.replace(/^\?/, "").split("&").filter((pair) => pair !== "").map((pair) => {
      const at = pair.indexOf("=");
      return at < 0
        ? [decodeForm(pair), ""]
        : [decodeForm(pair.slice(0, at)), decodeForm(pair.slice(at + 1))];
    });

  let follow, refill;
  class URLSearchParams {
    #list = [];
    #changed = () => {};
    static {
      follow = (params, changed) => {
        params.#changed = changed;
      };
      refill = (params, text) => {
        params.#list = parseQuery(text);
      };
    }
    constructor(init = "") {
      if (typeof init !== "object" || init === null) this.#list = parseQuery(String(init));
      else {
        const pairs = typeof init[Symbol.iterator] === "function" ? init : Object.entries(init);
        for (const [name, value] of pairs) this.#list.push([String(name), String(value)]);
      }
    }
    get size() {
      return this.#list.length;
    }
    append(name, value) {
      this.#list.push([String(name), String(value)]);
      this.#changed();
    }
    delete(name, value) {
      this.#list = this.#list.filter(([n, v]) =>
        n !== String(name) || (value !== undefined && v !== String(value))
      );
      this.#changed();
    }
    get(name) {
      return this.#list.find(([n]) => n === String(name))?.[1] ?? null;
    }
    getAll(name) {
      return this.#list.filter(([n]) => n === String(name)).map(([, v]) => v);
    }
    has(name, value) {
      return this.#list.some(([n, v]) =>
        n === String(name) && (value === undefined || v === String(value))
      );
    }
    set(name, value) {
      const first = this.#list.findIndex(([n]) => n === String(name));
      if (first < 0) return this.append(name, value);
      this.#list[first] = [String(name), String(value)];
      this.#list = this.#list.filter(([n], i) => i <= first || n !== String(name));
      this.#changed();
    }
    sort() {
      this.#list.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
      this.#changed();
    }
    forEach(use, self) {
      for (const [n, v] of this.#list) use.call(self, v, n, this);
    }
    *entries() {
      for (const [n, v] of this.#list) yield [n, v];
    }
    *keys() {
      for (const [n] of this.#list) yield n;
    }
    *values() {
      for (const [, v] of this.#list) yield v;
    }
    [Symbol.iterator]() {
      return this.entries();
    }
    toString() {
      return this.#list.map(([n, v]) => encodeForm(n) + "=" + encodeForm(v)).join("&");
    }
    get [Symbol.toStringTag]() {
      return "URLSearchParams";
    }
  }

  class URL {
    #parts;
    #params;
    static {
      for (
        const part of [
          "href",
          "origin",
          "protocol",
          "username",
          "password",
          "host",
          "hostname",
          "port",
          "pathname",
          "search",
          "hash",
        ]
      ) {
        Object.defineProperty(URL.prototype, part, {
          get() {
            return this.#parts[part];
          },
          set: part === "origin" ? undefined : function (value) {
            this.#change(part, String(value));
          },
          enumerable: true,
          configurable: true,
        });
      }
    }
    constructor(text, base) {
      const parts = base === undefined
        ? url("new", String(text))
        : url("new", String(text), String(base));
      if (parts === "") throw new TypeError("Invalid URL: '" + text + "'");
      this.#parts = JSON.parse(parts);
    }
    #change(part, value) {
      const parts = url("set", this.#parts.href, part, value);
      if (parts === "" && part === "href") throw new TypeError("Invalid URL: '" + value + "'");
      if (parts === "") return;
      this.#parts = JSON.parse(parts);
      if (this.#params && (part === "href" || part === "search")) refill(this.#params, this.search);
    }
    get searchParams() {
      if (this.#params === undefined) {
        const params = this.#params = new URLSearchParams(this.search);
        follow(params, () => {
          this.#parts = JSON.parse(
            url("set", this.#parts.href, "search", params.toString()) || "{}",
          );
        });
      }
      return this.#params;
    }
    static canParse(text, base) {
      return (base === undefined
        ? url("new", String(text))
        : url("new", String(text), String(base))) !== "";
    }
    static parse(text, base) {
      return URL.canParse(text, base) ? new URL(text, base) : null;
    }
    toString() {
      return this.href;
    }
    toJSON() {
      return this.href;
    }
    get [Symbol.toStringTag]() {
      return "URL";
    }
  }

  const expose = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });

  expose("URLSearchParams", URLSearchParams);
  expose("URL", URL);
});
