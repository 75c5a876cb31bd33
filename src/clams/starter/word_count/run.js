// deno-lint-ignore-file
async function run({ path }) {
  const { content, truncated } = await fs({ operation: "read", path });
  const words = content.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu)?.length ?? 0;
  const characters = [...content].length;
  const lines = content === "" ? 0 : content.replace(/\n$/, "").split("\n").length;
  const note = truncated ? " in its first part, which is all that can be read" : "";
  return {
    reply: `${path} has ${count(words, "word")}, ${count(characters, "character")} and ` +
      `${count(lines, "line")}${note}.`,
    data: { words, characters, lines },
  };
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
