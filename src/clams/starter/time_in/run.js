// deno-lint-ignore-file
const MOST_PLACES = 10;

async function run({ place }) {
  const wanted = place.replace(/\s+(?:right )?now$/i, "").trim();
  try {
    return await timeIn(wanted);
  } catch (error) {
    const places = wanted.split(/ and | und | et | y /);
    if (places.length < 2 || places.length > MOST_PLACES) throw error;
    const all = await Promise.all(places.map(timeIn)).catch(() => {
      throw error;
    });
    return { reply: all.map(({ reply }) => reply).join("\n"), data: all.map(({ data }) => data) };
  }
}

async function timeIn(wanted) {
  const now = await time(wanted === "" ? { operation: "now" } : { operation: "now", zone: wanted });
  const where = wanted === "" ? "" : ` in ${nameOf(wanted)}`;
  return {
    reply: `It is ${now.text}${where} (${utc(now.offset)}).`,
    data: { iso: now.iso, zone: now.zone, time: now.time, date: now.date },
  };
}

/** Small letters are how people type, not how places are written. */
function nameOf(place) {
  if (place !== place.toLowerCase()) return place;
  return place.replace(/(^|[\s-])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase());
}

function utc(offset) {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)/.exec(offset);
  if (hours === "00" && minutes === "00") return "UTC";
  return `UTC${sign}${Number(hours)}${minutes === "00" ? "" : `:${minutes}`}`;
}
