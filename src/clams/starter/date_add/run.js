// deno-lint-ignore-file
const UNITS = ["days", "weeks", "months", "years"];

async function run({ count, unit, direction, from }) {
  const key = UNITS.find((one) => one === unit.toLowerCase() || one === `${unit.toLowerCase()}s`);
  if (!key) {
    throw new Error(`I do not know the unit "${unit}". I know days, weeks, months and years.`);
  }
  const sign = /^(?:ago|before)$/i.test(direction) ? -1 : 1;
  const start = await startDay(from);
  const day = await time({ operation: "add", at: start, [key]: sign * count });
  const text = day.text.slice(day.text.indexOf(" on ") + 4);
  const amount = `${count} ${count === 1 ? key.slice(0, -1) : key}`;
  const since = from === "today"
    ? (sign < 0 ? "ago" : "from today")
    : `${sign < 0 ? "before" : "after"} ${start}`;
  return {
    reply: `${amount} ${since} ${sign < 0 && from === "today" ? "was" : "is"} ${text}.`,
    data: { date: day.date, weekday: day.weekday },
  };
}

async function startDay(from) {
  const shift = { today: 0, tomorrow: 1, yesterday: -1 }[from];
  if (shift === undefined) return from;
  const now = await time({ operation: "now" });
  return (await time({ operation: "add", at: now.date, days: shift })).date;
}
