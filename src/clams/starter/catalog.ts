import type { Clam, ClamManifest } from "../../domain/clam.ts";
import age from "./age/run.js" with { type: "text" };
import base64 from "./base64/run.js" with { type: "text" };
import calculate from "./calculate/run.js" with { type: "text" };
import changeCase from "./change_case/run.js" with { type: "text" };
import choose from "./choose/run.js" with { type: "text" };
import convertTime from "./convert_time/run.js" with { type: "text" };
import convertUnits from "./convert_units/run.js" with { type: "text" };
import countdown from "./countdown/run.js" with { type: "text" };
import dateAdd from "./date_add/run.js" with { type: "text" };
import daysBetween from "./days_between/run.js" with { type: "text" };
import dice from "./dice/run.js" with { type: "text" };
import jsonFormat from "./json_format/run.js" with { type: "text" };
import numberBase from "./number_base/run.js" with { type: "text" };
import password from "./password/run.js" with { type: "text" };
import percent from "./percent/run.js" with { type: "text" };
import randomNumber from "./random_number/run.js" with { type: "text" };
import roman from "./roman/run.js" with { type: "text" };
import sha256 from "./sha256/run.js" with { type: "text" };
import splitBill from "./split_bill/run.js" with { type: "text" };
import textStats from "./text_stats/run.js" with { type: "text" };
import timeIn from "./time_in/run.js" with { type: "text" };
import today from "./today/run.js" with { type: "text" };
import uuid from "./uuid/run.js" with { type: "text" };
import weekday from "./weekday/run.js" with { type: "text" };
import manifests from "./manifests.json" with { type: "json" };

const SCRIPTS: Readonly<Record<keyof typeof manifests, string>> = {
  age,
  base64,
  calculate,
  change_case: changeCase,
  choose,
  convert_time: convertTime,
  convert_units: convertUnits,
  countdown,
  date_add: dateAdd,
  days_between: daysBetween,
  dice,
  json_format: jsonFormat,
  number_base: numberBase,
  password,
  percent,
  random_number: randomNumber,
  roman,
  sha256,
  split_bill: splitBill,
  text_stats: textStats,
  time_in: timeIn,
  today,
  uuid,
  weekday,
};

/**
 * The clams that come with the program. They are ordinary clams: same format, sandbox and gate, no
 * standing grant. Manifests and hashes are pinned by scripts/pin_starters.ts.
 */
export const STARTERS: readonly Clam[] = Object.entries(SCRIPTS).map(([name, script]) => ({
  id: `starter-${name.replaceAll("_", "-")}` as Clam["id"],
  manifest: manifests[name as keyof typeof manifests] as unknown as ClamManifest,
  script,
}));
