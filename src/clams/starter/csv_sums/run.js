// deno-lint-ignore-file
async function run({ path, column }) {
  const { content, truncated } = await fs({ operation: "read", path });
  if (truncated) {
    throw new Error(`${path} is too large to be read whole, so its sums would be wrong.`);
  }
  const [head, ...rows] = parseCsv(content.replace(/^\uFEFF/, ""));
  if (!head || rows.length === 0) {
    throw new Error(`${path} has no rows below a line of column names.`);
  }
  const sums = head.map((name, at) => ({
    name: name.trim(),
    ...addUp(rows.map((row) => row[at] ?? "")),
  }))
    .filter(({ name, numbers }) => numbers > 0 && (column === "" || isSame(name, column)));
  if (sums.length === 0) {
    const what = column === "" ? "column" : `column ${JSON.stringify(column)}`;
    throw new Error(`${path} has no ${what} of numbers; its columns are ${head.join(", ")}.`);
  }
  const lines = sums.map(({ name, sum, numbers, skipped }) => {
    const note = skipped > 0 ? `, ${skipped} cells are no numbers` : "";
    return `${name}: ${sum} (${numbers} numbers${note})`;
  });
  return {
    reply: lines.join("\n"),
    data: Object.fromEntries(sums.map(({ name, sum }) => [name, sum])),
  };
}

function isSame(one, other) {
  return one.toLowerCase() === other.trim().toLowerCase();
}

function addUp(cells) {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
  const numbers = filled.filter((cell) =>
    /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(cell)
  );
  const sum = numbers.reduce((all, cell) => all + Number(cell), 0);
  return {
    sum: Number(sum.toPrecision(15)),
    numbers: numbers.length,
    skipped: filled.length - numbers.length,
  };
}

/** RFC 4180; the separator is what stands most often in the first line: comma, semicolon or tab. */
function parseCsv(text) {
  const first = text.split("\n", 1)[0];
  const count = (sign) => first.split(sign).length;
  const separator = [",", ";", "\t"].reduce((best, sign) =>
    count(sign) > count(best) ? sign : best
  );
  const rows = [[""]];
  for (let at = 0, quoted = false; at < text.length; at++) {
    const sign = text[at];
    const row = rows.at(-1);
    if (quoted && sign === '"' && text[at + 1] === '"') row[row.length - 1] += text[++at];
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && sign === separator) row.push("");
    else if (!quoted && sign === "\n") rows.push([""]);
    else if (quoted || sign !== "\r") row[row.length - 1] += sign;
  }
  return rows.filter((row) => row.length > 1 || row[0] !== "");
}
