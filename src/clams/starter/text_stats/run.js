// deno-lint-ignore-file
async function run({ text }) {
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu) ?? [];
  const stats = {
    characters: [...text].length,
    without_spaces: [...text.replace(/\s/g, "")].length,
    letters: (text.match(/\p{L}/gu) ?? []).length,
    words: words.length,
    sentences: (text.match(/[^.!?…。！？]*[\p{L}\p{N}][^.!?…。！？]*/gu) ?? []).length,
    lines: text === "" ? 0 : text.split("\n").length,
  };
  const { characters, without_spaces, letters, sentences, lines } = stats;
  return {
    reply: `${count(words.length, "word")}, ${count(characters, "character")} ` +
      `(${without_spaces} without spaces, ${count(letters, "letter")}), ${
        count(sentences, "sentence")
      }, ${count(lines, "line")}.`,
    data: stats,
  };
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
