// deno-lint-ignore-file
async function run({ date }) {
  const day = await readDay(date);
  const { date: today } = await time({ operation: "now" });
  const found = await time({ operation: "add", at: day, zone: "UTC", days: 0 });
  const verb = day < today ? "was" : "is";
  return {
    reply: `${day} ${verb} a ${found.weekday}.`,
    data: { date: day, weekday: found.weekday },
  };
}

const NAMED = { today: 0, tomorrow: 1, yesterday: -1 };

/** ISO date of a day as slots give it. */
async function readDay(day) {
  const shift = NAMED[day];
  if (shift === undefined) return day;
  const now = await time({ operation: "now" });
  return (await time({ operation: "add", at: now.date, days: shift })).date;
}
