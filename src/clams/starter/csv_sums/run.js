// deno-lint-ignore-file
async function run({ path, column }) {
  const { content, truncated } = await fs({ operation: "read", path });
  if (truncated) {
    throw new Error(`${path} is too large to be read whole, so its sums would be wrong.`);
  }
  const { rows, separator } = parseCsv(content.replace(/^\uFEFF/, ""), path);
  const decimal = separator === ";" && hasDecimalCommas(rows) ? "," : ".";
  const { names, cells } = splitHead(rows, decimal);
  if (cells.length === 0) {
    throw new Error(`${path} has no rows below a line of column names.`);
  }
  const columns = names.map((name, at) => ({
    name,
    ...addUp(cells.map((row) => row[at] ?? ""), decimal),
  }));
  const wanted = columns.filter(({ name }) => column === "" || isSame(name, column));
  const sums = wanted.filter(({ numbers }) => numbers > 0);
  if (sums.length === 0) {
    const what = column === "" ? "column" : `column ${JSON.stringify(column)}`;
    throw new Error(`${path} has no ${what} of numbers; its columns are ${names.join(", ")}.`);
  }
  return {
    reply: wanted.flatMap(describe).join("\n"),
    data: Object.fromEntries(sums.map(({ name, sum }) => [name, sum])),
  };
}

function isSame(one, other) {
  return one.toLowerCase() === other.trim().toLowerCase();
}

/** Names of the columns and the rows below. A first row of numbers only is no row of names. */
function splitHead(rows, decimal) {
  const [first = []] = rows;
  const filled = first.filter((cell) => cell.trim() !== "");
  const isHead = filled.length === 0 ||
    filled.some((cell) => readNumber(cell, decimal) === undefined);
  if (isHead) return { names: first.map((name) => name.trim()), cells: rows.slice(1) };
  return { names: first.map((_, at) => `column ${at + 1}`), cells: rows };
}

function describe({ name, sum, numbers, skipped, hasDigits }) {
  if (numbers === 0) return hasDigits ? [`${name}: no readable numbers`] : [];
  const note = skipped === 0
    ? ""
    : `, ${skipped} ${skipped === 1 ? "cell is no number" : "cells are no numbers"}`;
  return [`${name}: ${sum} (${numbers} ${numbers === 1 ? "number" : "numbers"}${note})`];
}

function addUp(cells, decimal) {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
  const numbers = filled.map((cell) => readNumber(cell, decimal))
    .filter((number) => number !== undefined);
  const sum = numbers.reduce((all, number) => all + number, 0);
  return {
    sum: Number(sum.toPrecision(15)),
    numbers: numbers.length,
    skipped: filled.length - numbers.length,
    hasDigits: filled.some((cell) => /\d/.test(cell)),
  };
}

/** Whoever separates columns with semicolons often has the comma for decimals. */
function hasDecimalCommas(rows) {
  const cells = rows.flat();
  return cells.some((cell) => /\d,\d+\D*$/.test(cell)) &&
    !cells.some((cell) => /\d,\d{3}\.\d/.test(cell));
}

/** `3`, `-1.5e3`, `$3`, `3 €`, `1,200.50`; with the comma for decimals `1.200,50`. */
function readNumber(text, decimal) {
  const cell = text.trim().replace(/^([+-]?)[$€£¥]\s?/, "$1").replace(/\s?[$€£¥]$/, "");
  const plain = decimal === "." ? cell : cell.replace(/[.,]/g, (sign) => sign === "." ? "," : ".");
  const isGrouped = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/.test(plain);
  const number = isGrouped ? plain.replaceAll(",", "") : plain;
  const isNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(number);
  return isNumber && Number.isFinite(Number(number)) ? Number(number) : undefined;
}

/** RFC 4180; the separator is what stands most often in the first line: comma, semicolon or tab. */
function parseCsv(text, path) {
  const first = text.split("\n", 1)[0].replace(/"[^"]*"/g, "");
  const count = (sign) => first.split(sign).length;
  const separator = [",", ";", "\t"].reduce((best, sign) =>
    count(sign) > count(best) ? sign : best
  );
  const rows = [[]];
  for (let at = 0; at <= text.length;) {
    const { cell, end } = text[at] === '"'
      ? readQuoted(text, at, separator, rows.length, path)
      : { cell: undefined, end: endOfPlain(text, at, separator) };
    rows.at(-1).push(cell ?? text.slice(at, end).replace(/\r$/, ""));
    if (text[end] === "\n") rows.push([]);
    at = end + 1;
  }
  return { rows: rows.filter((row) => row.some((cell) => cell !== "")), separator };
}

function endOfPlain(text, start, separator) {
  let at = start;
  while (at < text.length && text[at] !== separator && text[at] !== "\n") at++;
  return at;
}

/** A quote opens a field only at its beginning; `""` inside stands for one. */
function readQuoted(text, start, separator, row, path) {
  let close = text.indexOf('"', start + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) {
    throw new Error(
      `A quote in row ${row} of ${path} is never closed, so its sums would be wrong.`,
    );
  }
  const end = endOfPlain(text, close + 1, separator);
  const rest = text.slice(close + 1, end).replace(/\r$/, "");
  return { cell: text.slice(start + 1, close).replaceAll('""', '"') + rest, end };
}
