// deno-lint-ignore-file
async function run({ task }) {
  const open = (await readTasks()).filter((one) => !one.isDone);
  const found = findTask(task.trim(), open);
  await fs({
    operation: "edit",
    path: "todo.md",
    old_text: `${found.line}\n`,
    new_text: `- [x] ${found.text}\n`,
  });
  return { reply: `Done: ${found.text}`, data: { task: found.text } };
}

function findTask(wanted, open) {
  if (/^\d+$/.test(wanted)) {
    const found = open[Number(wanted) - 1];
    if (found) return found;
    throw new Error(`There is no open task number ${wanted}; there are ${open.length}.`);
  }
  const plain = wanted.toLowerCase();
  const exact = open.filter(({ text }) => text.toLowerCase() === plain);
  const found = exact.length > 0
    ? exact
    : open.filter(({ text }) => text.toLowerCase().includes(plain));
  if (found.length === 1 || exact.length > 0) return found[0];
  if (found.length === 0) throw new Error(`No open task says ${JSON.stringify(wanted)}.`);
  throw new Error(
    `${found.length} open tasks say ${JSON.stringify(wanted)}: ${
      found.map(({ text }) => text).join("; ")
    }.`,
  );
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
