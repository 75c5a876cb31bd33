// deno-lint-ignore-file
const FEASTS = {
  "christmas": "12-25",
  "christmas day": "12-25",
  "christmas eve": "12-24",
  "new year": "01-01",
  "new years day": "01-01",
  "new years eve": "12-31",
  "halloween": "10-31",
  "valentines day": "02-14",
};
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

async function run({ weeks_until, day = weeks_until }) {
  if (day === undefined) throw new Error("Say until which day, such as: days until 24 December");
  const { date: today } = await time({ operation: "now" });
  const target = findDay(day, today);
  if (!target) {
    throw new Error(`I do not know which day "${day}" is. Try 24 December or 2026-12-24.`);
  }
  const { days } = await time({ operation: "between", at: today, to: target, zone: "UTC" });
  const reply = weeks_until === undefined || days < 0
    ? sentence(days, target)
    : `${weeks(days)} until ${target}.`;
  return { reply, data: { days, date: target } };
}

function weeks(days) {
  const [whole, rest] = [Math.floor(days / 7), days % 7];
  const parts = [[whole, "week"], [rest, "day"]].filter(([count]) => count > 0)
    .map(([count, noun]) => `${count} ${noun}${count === 1 ? "" : "s"}`);
  return parts.length === 0 ? "0 weeks" : parts.join(" and ");
}

function sentence(days, target) {
  if (days === 0) return `That is today, ${target}.`;
  const plural = Math.abs(days) === 1 ? "day" : "days";
  if (days < 0) return `${target} was ${-days} ${plural} ago.`;
  return `${days} ${plural} until ${target}.`;
}

function findDay(text, today) {
  const plain = text.toLowerCase().replace(/['’,]/g, "").replace(/^(?:the|next) /, "")
    .replace(/(\d)(?:st|nd|rd|th)\b/, "$1").replace(/\s+/g, " ").trim();
  const shift = { today: 0, tomorrow: 1, yesterday: -1 }[plain];
  if (shift !== undefined) return iso(Date.parse(today) + shift * 86_400_000);
  const weekday = WEEKDAYS.indexOf(plain);
  if (weekday >= 0) return iso(Date.parse(today) + nextWeekday(today, weekday) * 86_400_000);
  const full = /^(\d{4})-(\d\d)-(\d\d)$/.exec(plain)?.[0] ?? dotted(plain) ?? named(plain, true);
  if (full) return isReal(full) ? full : undefined;
  const yearless = FEASTS[plain] ?? named(plain, false);
  return yearless && nextYearly(yearless, today);
}

function nextWeekday(today, weekday) {
  return (weekday - new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7 + 1;
}

/** 24.12.2026 */
function dotted(text) {
  const [, day, month, year] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? [];
  return year && `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** 24 December, December 24, with or without a year */
function named(text, withYear) {
  const words = text.replace(/ of /, " ").split(" ");
  const year = words.length === 3 ? words.pop() : undefined;
  if ((year !== undefined) !== withYear || words.length !== 2) return undefined;
  const [day, month] = /^\d/.test(words[0]) ? words : [words[1], words[0]];
  const number = MONTHS.findIndex((name) => month.startsWith(name)) + 1;
  if (number === 0 || !/^\d{1,2}$/.test(day) || (withYear && !/^\d{4}$/.test(year))) {
    return undefined;
  }
  const tail = `${String(number).padStart(2, "0")}-${day.padStart(2, "0")}`;
  return withYear ? `${year}-${tail}` : tail;
}

function nextYearly(tail, today) {
  const year = Number(today.slice(0, 4));
  return [year, year + 1, year + 2, year + 3, year + 4].map((one) => `${one}-${tail}`)
    .find((date) => date >= today && isReal(date));
}

function isReal(date) {
  return iso(Date.parse(`${date}T00:00:00Z`)) === date;
}

function iso(time) {
  return Number.isNaN(time) ? "" : new Date(time).toISOString().slice(0, 10);
}
