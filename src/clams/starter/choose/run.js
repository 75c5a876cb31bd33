// deno-lint-ignore-file
async function run({ options, one, other }) {
  const list = one !== undefined && other !== undefined
    ? [one, other]
    : options.split(/\s*[,;\n]\s*(?:or\s+|and\s+)?|\s+or\s+|\s+oder\s+/i)
      .map((option) => option.trim()).filter((option) => option !== "");
  if (list.length < 2) {
    throw new Error(
      `I need at least two options to choose from, such as: choose between tea or coffee`,
    );
  }
  const choice = list[Math.floor(Math.random() * list.length)];
  return { reply: choice, data: choice };
}
