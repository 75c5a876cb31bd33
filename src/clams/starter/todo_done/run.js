// deno-lint-ignore-file
async function run({ task }) {
  const content = await readList();
  const tasks = findTasks(content);
  const found = findTask(task.trim(), tasks);
  const from = beginOfOnlyPlace(found, content);
  const before = content.slice(from, found.start);
  await fs({
    operation: "edit",
    path: "todo.md",
    old_text: before + found.line,
    new_text: before + found.line.replace("[ ]", "[x]"),
  });
  return { reply: `Done: ${found.text}`, data: { task: found.text } };
}

function findTask(wanted, tasks) {
  const [, number] = /^#?(\d+)[.!?]*$/.exec(wanted) ?? [];
  if (number !== undefined) return findNumber(Number(number), tasks);
  const open = tasks.filter((task) => !task.isDone);
  const plain = wanted.toLowerCase();
  const exact = open.filter(({ text }) => text.toLowerCase() === plain);
  const found = exact.length > 0 ? exact : open.filter(({ text }) => says(text, plain));
  if (found.length === 1 || exact.length > 0) return found[0];
  if (found.length === 0) throw new Error(`No open task says ${JSON.stringify(wanted)}.`);
  throw new Error(
    `${found.length} open tasks say ${JSON.stringify(wanted)}: ${
      found.map(({ text }) => text).join("; ")
    }.`,
  );
}

/** A task keeps the number of its place, whatever becomes of the others. */
function findNumber(number, tasks) {
  const found = tasks[number - 1];
  if (found && !found.isDone) return found;
  if (found) throw new Error(`Task number ${number} is done already: ${found.text}.`);
  throw new Error(`There is no task number ${number}; there are ${tasks.length}.`);
}

/** Whether a text has these words, whole and one after the other. */
function says(text, wanted) {
  const words = wordsOf(wanted);
  if (words === "  ") return text.includes(wanted);
  return wordsOf(text).includes(words);
}

function wordsOf(text) {
  return ` ${(text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).join(" ")} `;
}

/**
 * An edit changes the first place with a text, so the text begins far enough before the task that
 * no earlier place has it.
 */
function beginOfOnlyPlace({ start, line }, content) {
  const end = start + line.length;
  let from = start;
  while (content.indexOf(content.slice(from, end)) < from) {
    from = content.lastIndexOf("\n", from - 2) + 1;
  }
  return from;
}

/** The tasks in the order of the file. A line goes on to its line break, if it has one. */
function findTasks(content) {
  let start = 0;
  return content.split(/(?<=\n)/).flatMap((line) => {
    start += line.length;
    const [, mark, text] = /^- \[([ xX])\] (.*\S)\s*$/.exec(line) ?? [];
    return text === undefined
      ? []
      : [{ line, text, isDone: mark !== " ", start: start - line.length }];
  });
}

async function readList() {
  try {
    return (await fs({ operation: "read", path: "todo.md" })).content;
  } catch (error) {
    if (error.code === "file_not_found") return "";
    throw error;
  }
}
