// deno-lint-ignore-file
async function run({ time: clock, from, to }) {
  const today = await time({ operation: "now", zone: from });
  const there = await time({ operation: "convert", at: `${today.date}T${clock}`, from, to });
  const shift = dayNumber(there.date) - dayNumber(today.date);
  const day = shift === 0 ? "" : shift > 0 ? " the next day" : " the day before";
  const shown = there.time.slice(0, 5);
  return {
    reply: `${clock.slice(0, 5)} in ${from} is ${shown}${day} in ${to}.`,
    data: { iso: there.iso, time: shown, days: shift },
  };
}

function dayNumber(date) {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000;
}
