// deno-lint-ignore-file
async function run() {
  // Each task has the number of its place among all, so that finishing one renames no other.
  const tasks = (await readTasks()).map((task, i) => ({ ...task, number: i + 1 }));
  const open = tasks.filter((task) => !task.isDone);
  const done = tasks.length - open.length;
  const note = done === 0 ? "" : ` (${done} done)`;
  if (open.length === 0) return { reply: `Nothing is left to do${note}.`, data: [] };
  const lines = open.map(({ number, text }) => `${number}. ${text}`);
  return {
    reply: lines.join("\n") + (done === 0 ? "" : `\n${note.trim()}`),
    data: open.map(({ text }) => text),
  };
}

/** The tasks in the order of the file. */
async function readTasks() {
  try {
    const { content } = await fs({ operation: "read", path: "todo.md" });
    return content.split("\n").flatMap((line) => {
      const [, mark, text] = /^- \[([ xX])\] (.*\S)\s*$/.exec(line) ?? [];
      return text === undefined ? [] : [{ line, text, isDone: mark !== " " }];
    });
  } catch (error) {
    if (error.code === "file_not_found") return [];
    throw error;
  }
}
