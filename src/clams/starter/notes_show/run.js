// deno-lint-ignore-file
async function run({ word }) {
  const all = await readNotes();
  const exact = notesWith(word, all);
  // "show notes about milk." means milk where no note says "milk."
  const notes = exact.length > 0 ? exact : notesWith(word.replace(/[.!?…]+$/, ""), all);
  if (notes.length > 0) return { reply: notes.join("\n"), data: notes };
  const about = word === "" ? "" : ` about ${JSON.stringify(word)}`;
  return { reply: `There are no notes${about} yet.`, data: [] };
}

function notesWith(word, notes) {
  return notes.filter((note) => note.toLowerCase().includes(word.toLowerCase()));
}

async function readNotes() {
  try {
    const { content } = await fs({ operation: "read", path: "notes.md" });
    return content.split("\n").filter((line) => line.trim() !== "");
  } catch (error) {
    if (error.code === "file_not_found") return [];
    throw error;
  }
}
