// deno-lint-ignore-file
const NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split(" ");

async function run({ place }) {
  const [, count, unit] = /^(an?|[a-z]+) (day|week|month|year)s?$/i.exec(place) ?? [];
  const amount = /^an?$/i.test(count) ? 1 : NUMBERS.indexOf(count?.toLowerCase()) + 1;
  if (amount > 0) return await later(amount, unit.toLowerCase(), place);
  const now = await time(place === "" ? { operation: "now" } : { operation: "now", zone: place });
  const day = now.text.slice(now.text.indexOf(" on ") + 4);
  return {
    reply: place === "" ? `Today is ${day}.` : `In ${place} today is ${day}.`,
    data: { date: now.date, weekday: now.weekday },
  };
}

async function later(amount, unit, said) {
  const { date: today } = await time({ operation: "now" });
  const day = await time({ operation: "add", at: today, [`${unit}s`]: amount });
  return {
    reply: `In ${said} it is ${day.text.slice(day.text.indexOf(" on ") + 4)}.`,
    data: { date: day.date, weekday: day.weekday },
  };
}
