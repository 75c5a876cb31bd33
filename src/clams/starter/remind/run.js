// deno-lint-ignore-file
async function run({ what, delay, at, day, tomorrow_at }) {
  const text = tidy(what);
  const due = delay === undefined
    ? await wallTime(tomorrow_at ?? at, tomorrow_at ? "tomorrow" : day)
    : await after(delay);
  const { jobs: [job], running } = await cron({
    action: "add",
    text: `Reminder: ${text}`,
    name: text.slice(0, 80),
    at: due,
  });
  const when = job.next[0];
  const reply = `I will remind you at ${when}: ${text}${ending(text)}${running ? "" : NOT_RUNNING}`;
  return { reply, data: { id: job.id, at: when, text } };
}

const NOT_RUNNING = " No gateway runs here yet, so it comes only once one does: clambot gateway.";

async function after(seconds) {
  const { epoch_ms } = await time({ operation: "now" });
  return new Date(epoch_ms + Math.round(seconds) * 1000).toISOString();
}

/** Today, or tomorrow where that time has passed. */
async function wallTime(at, day) {
  if (at === undefined) throw new Error("Say when: in 5 minutes, or at 9:30.");
  const clock = readTime(at, false);
  const now = await time({ operation: "now" });
  const hasPassed = clock <= now.time.slice(0, 5);
  const shift = { today: 0, tomorrow: 1 }[day] ?? (day === undefined && hasPassed ? 1 : 0);
  const isNamed = day !== undefined && day !== "today" && day !== "tomorrow";
  const date = isNamed ? day : (await time({ operation: "add", at: now.date, days: shift })).date;
  return `${date}T${clock}`;
}

/** `9`, `9:30`, `9am`, `21 uhr`, `noon`: as HH:MM. */
function readTime(text, isLate) {
  const said = String(text).toLowerCase().replace(/\s+/g, "").replace(/\./g, "");
  if (said === "noon") return "12:00";
  if (said === "midnight") return "00:00";
  const [, hours, minutes = "00", half] =
    /^(\d{1,2})(?::(\d{2}))?(am|pm|h|uhr|o'?clock)?$/.exec(said) ?? [];
  let hour = Number(hours);
  if (half === "pm" && hour < 12) hour += 12;
  if (half === "am" && hour === 12) hour = 0;
  if (isLate && half === undefined && hour < 12) hour += 12;
  if (hours === undefined || hour > 23 || Number(minutes) > 59) {
    throw new Error(`I do not know the time "${text}". Say it as 9, 9:30 or 9 pm.`);
  }
  return `${String(hour).padStart(2, "0")}:${minutes}`;
}

function tidy(text) {
  return text.replace(/\s+/g, " ").trim();
}

function ending(text) {
  return /[.!?…。！？]$/.test(text) ? "" : ".";
}
