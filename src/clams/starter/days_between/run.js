// deno-lint-ignore-file
async function run({ from, to }) {
  const [first, second] = [await readDay(from), await readDay(to)];
  const gap = await time({ operation: "between", at: first, to: second, zone: "UTC" });
  const days = Math.abs(gap.days);
  const plural = days === 1 ? "day" : "days";
  const weeks = days >= 14
    ? ` (${Math.floor(days / 7)} weeks${days % 7 ? ` and ${count(days % 7, "day")}` : ""})`
    : "";
  const reply = gap.days < 0
    ? `${second} is ${days} ${plural}${weeks} before ${first}.`
    : `From ${first} to ${second} it is ${days} ${plural}${weeks}.`;
  return { reply, data: gap.days };
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

const NAMED = { today: 0, tomorrow: 1, yesterday: -1 };

/** ISO date of a day as slots give it. */
async function readDay(day) {
  const shift = NAMED[day];
  if (shift === undefined) return day;
  const now = await time({ operation: "now" });
  return (await time({ operation: "add", at: now.date, days: shift })).date;
}
