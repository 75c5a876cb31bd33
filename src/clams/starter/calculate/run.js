// deno-lint-ignore-file
async function run(given) {
  const { root, cube_root, expression = inSigns(given) } = given;
  if (root !== undefined) return rootOf("square", root, Math.sqrt(root));
  if (cube_root !== undefined) return rootOf("cube", cube_root, Math.cbrt(cube_root));
  if (!expression) throw new Error("Say what to calculate, such as: what is 2 + 2");
  const text = expression.replace(/\s*=\s*$/, "");
  const { sign, shown, data } = show(text, evaluate(text));
  return { reply: `${text} ${sign} ${shown}`, data };
}

/** What was said in words, "7 times 8", as an expression. */
function inSigns(given) {
  const pairs = [
    [given.augend, " + ", given.addend],
    [given.minuend, " - ", given.subtrahend],
    [given.factor, " * ", given.multiplier],
    [given.dividend, " / ", given.divisor],
    [given.remaindered, " mod ", given.modulus],
    [given.base, "^", given.exponent],
    [given.squared, "^", 2],
    [given.cubed, "^", 3],
    [given.halved, " / ", 2],
  ];
  const said = pairs.find(([left, _, right]) => left !== undefined && right !== undefined);
  return said?.map((one) => one < 0 ? `(${one})` : one).join("");
}

function rootOf(kind, number, value) {
  if (Number.isNaN(value)) {
    throw new Error(`The ${kind} root of ${number} is no real number.`);
  }
  const { shown, data } = show("", value);
  return { reply: `The ${kind} root of ${number} is ${shown}.`, data };
}

/** Digits that whole numbers and fractions may have to be kept exact. */
const LONGEST = 10n ** 1000n;

const abs = (n) => n < 0n ? -n : n;
const isExact = (value) => typeof value !== "number";

function expectDivisor(value) {
  if (value === 0n || value === 0 || value.n === 0n) {
    throw new Error("Nothing can be divided by 0.");
  }
}

/** A fraction `n / d` in lowest terms; an inexact number when it grows too long. */
function fraction(n, d = 1n) {
  expectDivisor(d);
  let [common, rest] = [abs(n), abs(d)];
  while (rest > 0n) [common, rest] = [rest, common % rest];
  const [top, bottom] = d < 0n ? [-n / common, -d / common] : [n / common, d / common];
  const value = { n: top, d: bottom };
  return abs(top) < LONGEST && bottom < LONGEST ? value : toNumber(value);
}

/** The nearest number of the engine. The quotient gets more digits than it can hold. */
function toNumber(value) {
  if (!isExact(value)) return value;
  const { n, d } = value;
  const places = Math.max(0, 25 + String(d).length - String(abs(n)).length);
  return Number(`${n * 10n ** BigInt(places) / d}e-${places}`);
}

function add(a, b) {
  if (!isExact(a) || !isExact(b)) return toNumber(a) + toNumber(b);
  return fraction(a.n * b.d + b.n * a.d, a.d * b.d);
}

function negate(a) {
  return isExact(a) ? { n: -a.n, d: a.d } : -a;
}

function multiply(a, b) {
  if (!isExact(a) || !isExact(b)) return toNumber(a) * toNumber(b);
  return fraction(a.n * b.n, a.d * b.d);
}

function divide(a, b) {
  expectDivisor(b);
  if (!isExact(a) || !isExact(b)) return toNumber(a) / toNumber(b);
  return fraction(a.n * b.d, a.d * b.n);
}

/** The rest has the sign of the left side. */
function remainder(a, b) {
  expectDivisor(b);
  if (!isExact(a) || !isExact(b)) return toNumber(a) % toNumber(b);
  return fraction((a.n * b.d) % (b.n * a.d), a.d * b.d);
}

const bitsOf = (n) => BigInt(n.toString(2).length);

function raise(a, b) {
  if (!isExact(a) || !isExact(b) || b.d !== 1n) return toNumber(a) ** toNumber(b);
  const [n, d] = b.n < 0n ? [a.d, a.n] : [a.n, a.d];
  const isUnit = abs(a.n) <= 1n && a.d === 1n; // its powers differ by their parity only
  const times = isUnit && b.n !== 0n ? 2n - abs(b.n) % 2n : abs(b.n);
  const isShort = times * (bitsOf(n) + bitsOf(d)) <= 20_000n;
  return isShort ? fraction(n ** times, d ** times) : toNumber(a) ** toNumber(b);
}

function factorial(a) {
  if (!isExact(a) || a.d !== 1n || a.n < 0n) {
    throw new Error(`${show("", a).shown}! does not exist: ! needs a whole number.`);
  }
  if (a.n > 1000n) return Infinity;
  let value = 1n;
  for (let i = 2n; i <= a.n; i++) value *= i;
  return fraction(value);
}

/** Exact where it can be written out, else twelve digits, which hide binary fractions. */
function show(text, value) {
  const number = toNumber(value);
  if (Number.isNaN(number)) throw new Error(`${text} has no real result.`);
  const written = isExact(value) ? writeOut(value) : undefined;
  if (written !== undefined) {
    const isSafe = Math.abs(number) <= Number.MAX_SAFE_INTEGER;
    return { sign: "=", shown: written, data: isSafe ? Number(written) : written };
  }
  if (!Number.isFinite(number)) throw new Error(`${text} is too large a number to be told.`);
  const rounded = Number(number.toPrecision(12));
  const isRound = !isExact(value) && String(rounded).replace(/\D/g, "").length < 12 &&
    Number.isSafeInteger(Math.round(rounded));
  const shown = Math.abs(rounded) < 1e15 ? String(rounded) : rounded.toExponential();
  return { sign: isRound ? "=" : "≈", shown, data: rounded };
}

/** A whole number, or a decimal of at most fifteen digits. */
function writeOut({ n, d }) {
  if (d === 1n) return String(n);
  let places = 0;
  while (places < 15 && 10n ** BigInt(places) % d !== 0n) places++;
  if (10n ** BigInt(places) % d !== 0n) return undefined;
  const digits = String(abs(n) * 10n ** BigInt(places) / d).padStart(places + 1, "0");
  if (digits.length > 15) return undefined;
  return `${n < 0n ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** A parser of its own: sums of products of powers of atoms. No text ever becomes code. */
function evaluate(text) {
  const tokens = tokenize(text);
  let at = 0;
  const take = (...wanted) => wanted.includes(tokens[at]) ? tokens[at++] : undefined;
  const broken = () => new Error(`I cannot calculate "${text}": it is not a complete expression.`);

  function sum() {
    let value = product();
    for (let sign; (sign = take("+", "-"));) {
      const next = isShare() ? multiply(value, product()) : product();
      value = add(value, sign === "+" ? next : negate(next));
    }
    return value;
  }
  /** In 200 + 10% the per cent are those of the left side. */
  function isShare() {
    return typeof tokens[at] === "object" && tokens[at + 1] === "%" &&
      [undefined, "+", "-", ")"].includes(tokens[at + 2]);
  }
  function product() {
    let value = signed();
    for (let sign; (sign = take("*", "/", "mod"));) {
      value = { "*": multiply, "/": divide, mod: remainder }[sign](value, signed());
    }
    return value;
  }
  function signed() {
    if (take("-")) return negate(signed());
    if (take("+")) return signed();
    return power();
  }
  function power() {
    const base = postfix();
    return take("^") ? raise(base, signed()) : base;
  }
  function postfix() {
    let value = atom();
    for (let sign; (sign = take("!", "%"));) {
      value = sign === "!" ? factorial(value) : divide(value, fraction(100n));
    }
    return value;
  }
  function atom() {
    if (take("√")) return squareRoot(atom());
    if (take("(")) {
      const value = sum();
      if (!take(")")) throw broken();
      return value;
    }
    const token = tokens[at++];
    if (typeof token !== "object") throw broken();
    return token;
  }

  const value = sum();
  if (at < tokens.length) throw broken();
  return value;
}

function squareRoot(value) {
  const root = Math.sqrt(toNumber(value));
  if (!isExact(value) || !Number.isSafeInteger(root)) return root;
  const whole = fraction(BigInt(root));
  return whole.n ** 2n === value.n && value.d === 1n ? whole : root;
}

function tokenize(text) {
  const plain = text.replaceAll("**", "^").replace(/[×·]/g, "*").replace(/[÷:]/g, "/")
    .replaceAll("−", "-");
  const tokens = [];
  const token = /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?|\.\d+)|(mod|[-+*/^()!%√]))/y;
  while (plain.slice(token.lastIndex).trim() !== "") {
    const at = token.lastIndex;
    const [, number, sign] = token.exec(plain) ?? [];
    if (number === undefined && sign === undefined) {
      throw new Error(
        `I cannot calculate "${text}": I do not know "${plain.slice(at).trim()[0]}".`,
      );
    }
    tokens.push(number === undefined ? sign : readNumber(number));
  }
  // A per cent sign before another number means the rest of a division: 7 % 3.
  return tokens.map((one, i) =>
    one === "%" && (typeof tokens[i + 1] === "object" || tokens[i + 1] === "(") ? "mod" : one
  );
}

/** `2.5e3` as a fraction. */
function readNumber(text) {
  const [digits, exponent = "0"] = text.split("e");
  const [whole, decimals = ""] = digits.split(".");
  const shift = BigInt(exponent) - BigInt(decimals.length);
  const n = BigInt(whole + decimals);
  return shift < 0n ? fraction(n, 10n ** -shift) : fraction(n * 10n ** shift);
}
