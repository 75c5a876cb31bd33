// deno-lint-ignore-file
async function run({ word }) {
  const notes = (await readNotes()).filter((note) =>
    note.toLowerCase().includes(word.toLowerCase())
  );
  if (notes.length > 0) return { reply: notes.join("\n"), data: notes };
  const about = word === "" ? "" : ` about ${JSON.stringify(word)}`;
  return { reply: `There are no notes${about} yet.`, data: [] };
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
