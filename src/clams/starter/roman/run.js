// deno-lint-ignore-file
const SIGNS = [
  [1000, "M"],
  [900, "CM"],
  [500, "D"],
  [400, "CD"],
  [100, "C"],
  [90, "XC"],
  [50, "L"],
  [40, "XL"],
  [10, "X"],
  [9, "IX"],
  [5, "V"],
  [4, "IV"],
  [1, "I"],
];

async function run({ number, numeral }) {
  if (numeral !== undefined) {
    const value = read(numeral.toUpperCase());
    return { reply: `${numeral.toUpperCase()} is ${value}.`, data: value };
  }
  if (number === undefined) throw new Error("Say which number, such as: 2026 in roman numerals");
  if (number < 1 || number > 3999) {
    throw new Error(`${number} has no Roman numeral: they go from 1 to 3999.`);
  }
  const roman = write(number);
  return { reply: `${number} in Roman numerals is ${roman}.`, data: roman };
}

function write(number) {
  let rest = number;
  let roman = "";
  for (const [value, sign] of SIGNS) {
    for (; rest >= value; rest -= value) roman += sign;
  }
  return roman;
}

function read(roman) {
  let value = 0;
  let rest = roman;
  for (const [worth, sign] of SIGNS) {
    for (; rest.startsWith(sign); rest = rest.slice(sign.length)) value += worth;
  }
  if (rest !== "" || value === 0 || value > 3999 || write(value) !== roman) {
    throw new Error(`"${roman}" is no Roman numeral.`);
  }
  return value;
}
