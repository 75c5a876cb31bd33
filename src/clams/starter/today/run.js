// deno-lint-ignore-file
async function run({ place }) {
  const now = await time(place === "" ? { operation: "now" } : { operation: "now", zone: place });
  const day = now.text.slice(now.text.indexOf(" on ") + 4);
  return {
    reply: place === "" ? `Today is ${day}.` : `In ${place} today is ${day}.`,
    data: { date: now.date, weekday: now.weekday },
  };
}
