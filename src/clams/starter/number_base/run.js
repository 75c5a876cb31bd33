// deno-lint-ignore-file
const BASES = {
  binary: 2,
  bin: 2,
  octal: 8,
  oct: 8,
  decimal: 10,
  dec: 10,
  hex: 16,
  hexadecimal: 16,
};
const PREFIXES = { "0b": 2, "0o": 8, "0x": 16 };

async function run(inputs) {
  const { number, from, to } = inputs.to === undefined ? readShort(inputs) : inputs;
  const source = from === undefined ? baseOf(number) : BASES[from.toLowerCase()];
  const target = BASES[to.toLowerCase()];
  const value = read(number, source);
  const text = `${value < 0n ? "-" : ""}${(value < 0n ? -value : value).toString(target)}`;
  return { reply: `${number} in ${nameOf(target)} is ${text}.`, data: text };
}

/** `255 in binary`: the base stands in the name of the input. */
function readShort(inputs) {
  const [key, number] = Object.entries(inputs).find(([name]) => name.startsWith("in_")) ?? [];
  if (key === undefined) throw new Error("Say what to convert, such as: 255 in binary");
  return { number, to: key.slice(3) };
}

function nameOf(base) {
  return { 2: "binary", 8: "octal", 10: "decimal", 16: "hexadecimal" }[base];
}

/** By its prefix; else decimal, unless letters make it hexadecimal. */
function baseOf(number) {
  const plain = number.replace(/^[+-]/, "").toLowerCase();
  return PREFIXES[plain.slice(0, 2)] ?? (/[a-f]/.test(plain) ? 16 : 10);
}

function read(number, base) {
  const digits = number.toLowerCase().replace(/^[+-]/, "").replace(
    base === 10 ? "" : /^0[box]/,
    "",
  );
  const values = [...digits].map((digit) => "0123456789abcdef".indexOf(digit));
  if (values.length === 0 || values.some((value) => value < 0 || value >= base)) {
    throw new Error(`"${number}" is no ${nameOf(base)} number.`);
  }
  const value = values.reduce((all, one) => all * BigInt(base) + BigInt(one), 0n);
  return number.startsWith("-") ? -value : value;
}
