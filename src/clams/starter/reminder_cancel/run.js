// deno-lint-ignore-file
async function run({ which }) {
  const wanted = which.replace(/\s+/g, " ").trim().toLowerCase();
  const { jobs } = await cron({ action: "list" });
  const exact = jobs.filter(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  const found = exact.length > 0
    ? exact
    : jobs.filter(({ name }) => name.toLowerCase().includes(wanted));
  if (found.length === 0) {
    throw new Error(`There is no reminder "${which}". See: list my reminders.`);
  }
  if (found.length > 1) {
    const ids = found.map(({ id, name }) => `${id} (${name})`).join(", ");
    throw new Error(`Several reminders fit "${which}": ${ids}. Name one by its id.`);
  }
  const [{ id, name }] = found;
  await cron({ action: "remove", id });
  return { reply: `The reminder is gone: ${name}.`, data: { id, name } };
}
