// deno-lint-ignore-file
async function run() {
  const { jobs, running } = await cron({ action: "list" });
  if (jobs.length === 0) return { reply: "There are no reminders.", data: [] };
  const lines = jobs.map(({ id, name, next, schedule }) =>
    `${id}: ${name}, ${next.length > 0 ? `next at ${next[0]}` : "never again"} (${schedule})`
  );
  const note = running ? "" : "\nNo gateway runs here, so nothing comes until one does.";
  return {
    reply: lines.join("\n") + note,
    data: jobs.map(({ id, name, next }) => ({ id, name, next })),
  };
}
