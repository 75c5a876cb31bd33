// deno-lint-ignore-file
const DAYS = {
  sunday: 0,
  monday: 1,
  tuesday: 2,
  wednesday: 3,
  thursday: 4,
  friday: 5,
  saturday: 6,
  sonntag: 0,
  montag: 1,
  dienstag: 2,
  mittwoch: 3,
  donnerstag: 4,
  freitag: 5,
  samstag: 6,
  weekday: "1-5",
  weekend: "0,6",
};
const ALL = ["day", "morning", "noon", "afternoon", "evening", "night", "tag", "morgen", "abend"];
const LATE = ["afternoon", "evening", "night", "abend"];

async function run({ what, day, at }) {
  const text = tidy(what);
  const word = day.toLowerCase();
  const days = ALL.includes(word) ? "*" : DAYS[word] ?? DAYS[word.replace(/s$/, "")];
  if (days === undefined) {
    throw new Error(
      `I do not know the day "${day}". Say every day, every weekday or every Monday.`,
    );
  }
  const clock = readTime(at, LATE.includes(word));
  const [hour, minute] = clock.split(":").map(Number);
  const { jobs: [job], running } = await cron({
    action: "add",
    text: `Reminder: ${text}`,
    name: text.slice(0, 80),
    cron: `${minute} ${hour} * * ${days}`,
  });
  const when = `every ${word} at ${clock}, next on ${job.next[0]}`;
  const reply = `I will remind you ${when}: ${text}${ending(text)}${running ? "" : NOT_RUNNING}`;
  return { reply, data: { id: job.id, next: job.next, text } };
}

const NOT_RUNNING = " No gateway runs here yet, so it comes only once one does: clambot gateway.";

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
