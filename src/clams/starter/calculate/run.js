// deno-lint-ignore-file
async function run({ expression = inSigns(args), radicand }) {
  if (radicand !== undefined) return rootOf(radicand);
  if (!expression) throw new Error("Say what to calculate, such as: what is 2 + 2");
  const text = expression.replace(/\s*=\s*$/, "");
  const value = evaluate(text);
  if (!Number.isFinite(value)) return `${text} has no finite result.`;
  return { reply: `${text} = ${show(value)}`, data: value };
}

/** What was said in words, "7 times 8", as an expression. */
function inSigns({ augend, addend, minuend, subtrahend, factor, multiplier, dividend, divisor }) {
  const pairs = [
    [augend, "+", addend],
    [minuend, "-", subtrahend],
    [factor, "*", multiplier],
    [dividend, "/", divisor],
  ];
  const said = pairs.find(([left, _, right]) => left !== undefined && right !== undefined);
  return said?.map((one) => one < 0 ? `(${one})` : one).join(" ");
}

function rootOf(radicand) {
  if (radicand < 0) return `The square root of ${radicand} is no real number.`;
  const value = Math.sqrt(radicand);
  return { reply: `The square root of ${radicand} is ${show(value)}.`, data: value };
}

/** Twelve digits hide what binary fractions do to 0.1 + 0.2. */
function show(value) {
  if (Number.isSafeInteger(value)) return String(value);
  return String(Number(value.toPrecision(12)));
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
      const next = product();
      value = sign === "+" ? value + next : value - next;
    }
    return value;
  }
  function product() {
    let value = signed();
    for (let sign; (sign = take("*", "/", "mod"));) {
      const next = signed();
      value = sign === "*" ? value * next : sign === "/" ? value / next : value % next;
    }
    return value;
  }
  function signed() {
    if (take("-")) return -signed();
    if (take("+")) return signed();
    return power();
  }
  function power() {
    const base = postfix();
    return take("^") ? base ** signed() : base;
  }
  function postfix() {
    let value = atom();
    for (let sign; (sign = take("!", "%"));) value = sign === "!" ? factorial(value) : value / 100;
    return value;
  }
  function atom() {
    if (take("√")) return Math.sqrt(atom());
    if (take("(")) {
      const value = sum();
      if (!take(")")) throw broken();
      return value;
    }
    const token = tokens[at++];
    if (typeof token !== "number") throw broken();
    return token;
  }

  const value = sum();
  if (at < tokens.length) throw broken();
  return value;
}

function tokenize(text) {
  const plain = text.replaceAll("**", "^").replace(/[×·]/g, "*").replace(/[÷:]/g, "/")
    .replaceAll("−", "-");
  const tokens = [];
  const token = /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)|(mod|[-+*/^()!%√]))/y;
  while (plain.slice(token.lastIndex).trim() !== "") {
    const at = token.lastIndex;
    const [, number, sign] = token.exec(plain) ?? [];
    if (number === undefined && sign === undefined) {
      throw new Error(
        `I cannot calculate "${text}": I do not know "${plain.slice(at).trim()[0]}".`,
      );
    }
    tokens.push(number === undefined ? sign : Number(number));
  }
  // A per cent sign before another number means the rest of a division: 7 % 3.
  return tokens.map((one, i) =>
    one === "%" && (typeof tokens[i + 1] === "number" || tokens[i + 1] === "(") ? "mod" : one
  );
}

function factorial(n) {
  if (!Number.isInteger(n) || n < 0) {
    throw new Error(`${n}! does not exist: ! needs a whole number.`);
  }
  let value = 1;
  for (let i = 2; i <= Math.min(n, 171); i++) value *= i;
  return value;
}
