// deno-lint-ignore-file
async function run({ born }) {
  const { date: today } = await time({ operation: "now" });
  if (born > today) throw new Error(`${born} is still to come.`);
  const { calendar, days } = await time({ operation: "between", at: born, to: today, zone: "UTC" });
  const years = `${calendar.years} ${calendar.years === 1 ? "year" : "years"}`;
  return {
    reply: `Born on ${born}: ${years} old today (${days} days).`,
    data: { years: calendar.years, months: calendar.months, days },
  };
}
